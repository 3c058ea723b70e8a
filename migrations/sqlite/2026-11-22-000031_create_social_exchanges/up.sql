-- Whom a provider named, until a code is redeemed: for a minute by the exchange code of one browser, then, where nobody
-- here is linked, for half an hour by the token to sign up with. Who it is lies sealed; a row is good once.
CREATE TABLE IF NOT EXISTS social_exchanges (
    code_hash BLOB NOT NULL PRIMARY KEY,
    provider TEXT NOT NULL,
    purpose TEXT NOT NULL,
    browser_hash BLOB NOT NULL,
    subject_index BLOB NOT NULL,
    subject_sealed BLOB NOT NULL,
    token_sealed BLOB NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX IF NOT EXISTS social_exchanges_expires ON social_exchanges (expires_at);
