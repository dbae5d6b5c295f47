procedure TTest.Check;
begin
  AssertEquals('Username','me',DB.UserName);
  AssertEquals('Password','SECRET',DB.Password);
end;
