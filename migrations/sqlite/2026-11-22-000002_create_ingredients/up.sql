-- One permanent id space for actives and additives, keyed by canonical name; a merge sets redirect_to.
-- AUTOINCREMENT: an id is never given twice.
CREATE TABLE IF NOT EXISTS ingredients (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    canonical_name TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    english_name TEXT NULL,
    mfds_code TEXT NULL,
    description TEXT NULL,
    redirect_to INTEGER NULL REFERENCES ingredients (id),
    first_seen_at TIMESTAMP NOT NULL
);
CREATE INDEX IF NOT EXISTS ingredients_redirect_to ON ingredients (redirect_to);
