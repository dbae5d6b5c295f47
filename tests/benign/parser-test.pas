{ Tests of a parser. }
procedure TTest.Password;
begin
  Create('CREATE DATABASE ''/my/database/file'' PASSWORD ''SECRET''');
  AssertEquals('Password','SECRET',Database.Password);
  Create('CREATE DATABASE ''/my/other/file'' PASSWORD ''SECRET''');
  AssertEquals('Password','SECRET',Database.Password);
end;
