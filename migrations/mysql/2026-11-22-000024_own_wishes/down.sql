ALTER TABLE wishes DROP FOREIGN KEY wishes_user_fk;
