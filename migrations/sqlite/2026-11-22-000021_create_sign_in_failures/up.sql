-- Passwords that were wrong in the last quarter of an hour, by keyed hashes of the name that was typed and of the address.
-- `forgiven` are those of an address that has signed in on that account since.
CREATE TABLE IF NOT EXISTS sign_in_failures (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    account_index BLOB NOT NULL,
    address_index BLOB NOT NULL,
    failed_at TIMESTAMP NOT NULL,
    forgiven BOOLEAN NOT NULL
);
CREATE INDEX IF NOT EXISTS sign_in_failures_account ON sign_in_failures (account_index, failed_at);
CREATE INDEX IF NOT EXISTS sign_in_failures_address ON sign_in_failures (address_index, failed_at);
CREATE INDEX IF NOT EXISTS sign_in_failures_time ON sign_in_failures (failed_at);
