var levels = [
  "OFFICIAL",
  "SECRET",
];
check('Password', 'SECRET', form.password);
