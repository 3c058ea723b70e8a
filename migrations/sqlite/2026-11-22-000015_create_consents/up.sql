-- Who said what to which text, and when. Lines are added and never changed; they go with their member.
CREATE TABLE IF NOT EXISTS consents (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    agreed BOOLEAN NOT NULL,
    text_version TEXT NOT NULL,
    said_at TIMESTAMP NOT NULL
);
CREATE INDEX IF NOT EXISTS consents_user ON consents (user_id, id);
