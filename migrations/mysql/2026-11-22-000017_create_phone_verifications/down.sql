DROP TABLE IF EXISTS phone_verifications;
