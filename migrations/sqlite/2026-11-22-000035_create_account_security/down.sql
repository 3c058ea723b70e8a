DROP TABLE IF EXISTS account_security;
