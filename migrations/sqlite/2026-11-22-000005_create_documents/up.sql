-- Long texts, addressed by their SHA-256 and never changed: a weekly run writes only what is new.
CREATE TABLE IF NOT EXISTS documents (
    hash BLOB NOT NULL PRIMARY KEY,
    body BLOB NOT NULL
);
