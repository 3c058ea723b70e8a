-- Providers that have to be told that somebody left. A row names no member, holds what that one call needs, sealed, and
-- goes as soon as the provider knows, after a week at the latest.
CREATE TABLE IF NOT EXISTS social_unlinks (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    provider TEXT NOT NULL,
    sealed BLOB NOT NULL,
    attempts INTEGER NOT NULL,
    next_at TIMESTAMP NOT NULL,
    lease_owner TEXT NULL,
    lease_until TIMESTAMP NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX IF NOT EXISTS social_unlinks_next ON social_unlinks (next_at);
