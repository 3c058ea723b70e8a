-- One code sent to one number. The code is computed from the id with a secret and stands nowhere; here is a keyed hash of
-- it, and of the token that a right code gives. Rows go a day after they were made.
CREATE TABLE IF NOT EXISTS phone_verifications (
    id TEXT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    phone_sealed BLOB NOT NULL,
    phone_index BLOB NOT NULL,
    code_hash BLOB NOT NULL,
    issued_at TIMESTAMP NOT NULL,
    tries INTEGER NOT NULL,
    phase TEXT NOT NULL,
    confirmed_at TIMESTAMP NULL,
    token_hash BLOB NULL UNIQUE
);
CREATE INDEX IF NOT EXISTS phone_verifications_issued ON phone_verifications (issued_at);
