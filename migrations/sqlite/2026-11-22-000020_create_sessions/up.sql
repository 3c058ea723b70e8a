-- Sign-ins, one a device. `family_hash` is what refresh tokens are found by; `id` stands in access tokens and in the list
-- of devices, and no token can be made from it.
CREATE TABLE IF NOT EXISTS sessions (
    id TEXT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    family_hash BLOB NOT NULL UNIQUE,
    generation BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    rotated_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    device TEXT NOT NULL,
    ended_at TIMESTAMP NULL,
    ended_why TEXT NULL
);
CREATE INDEX IF NOT EXISTS sessions_user ON sessions (user_id, ended_at);
CREATE INDEX IF NOT EXISTS sessions_ended ON sessions (ended_at);
CREATE INDEX IF NOT EXISTS sessions_expires ON sessions (expires_at);
