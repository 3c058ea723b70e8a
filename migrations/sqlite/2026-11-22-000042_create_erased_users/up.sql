-- Opaque ids of who withdrew lately, so that every instance refuses their access tokens; they go with the last of those.
CREATE TABLE IF NOT EXISTS erased_users (
    public_id TEXT NOT NULL PRIMARY KEY,
    erased_at TIMESTAMP NOT NULL
);
CREATE INDEX IF NOT EXISTS erased_users_at ON erased_users (erased_at);
