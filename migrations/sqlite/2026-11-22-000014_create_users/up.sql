-- Members. `public_id` is the only name of a member outside this database. Numbers and e-mails are sealed (the key's id
-- is the head of the sealed bytes) and found by keyed hashes; everything that tells who somebody is can be NULL, since
-- withdrawal erases it and keeps the row. `email_index` is set for verified addresses only: an unverified one is no claim.
CREATE TABLE IF NOT EXISTS users (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    login_id TEXT NULL UNIQUE,
    password_hash TEXT NULL,
    password_changed_at TIMESTAMP NULL,
    nickname TEXT NULL,
    nickname_key TEXT NULL UNIQUE,
    email_sealed BLOB NULL,
    email_index BLOB NULL UNIQUE,
    phone_sealed BLOB NULL,
    phone_index BLOB NULL UNIQUE,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    state_changed_at TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX IF NOT EXISTS users_state ON users (state, state_changed_at);
