-- Whom a provider named, until a code is redeemed: for a minute by the exchange code of one browser, then, where nobody
-- here is linked, for half an hour by the token to sign up with. Who it is lies sealed; a row is good once.
CREATE TABLE IF NOT EXISTS social_exchanges (
    code_hash BINARY(32) NOT NULL PRIMARY KEY,
    provider VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    purpose VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    browser_hash BINARY(32) NOT NULL,
    subject_index BINARY(32) NOT NULL,
    subject_sealed VARBINARY(320) NOT NULL,
    token_sealed VARBINARY(2200) NULL,
    expires_at DATETIME(6) NOT NULL,
    KEY social_exchanges_expires (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
