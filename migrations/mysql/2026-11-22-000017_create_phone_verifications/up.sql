-- One code sent to one number. The code is computed from the id with a secret and stands nowhere; here is a keyed hash of
-- it, and of the token that a right code gives. Rows go a day after they were made.
CREATE TABLE IF NOT EXISTS phone_verifications (
    id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    purpose VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    phone_sealed VARBINARY(100) NOT NULL,
    phone_index BINARY(32) NOT NULL,
    code_hash BINARY(32) NOT NULL,
    issued_at DATETIME(6) NOT NULL,
    tries INT NOT NULL,
    phase VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    confirmed_at DATETIME(6) NULL,
    token_hash BINARY(32) NULL,
    UNIQUE KEY phone_verifications_token (token_hash),
    KEY phone_verifications_issued (issued_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
