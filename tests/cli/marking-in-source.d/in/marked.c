/* OFFICIAL-SENSITIVE */
int answer(void);
