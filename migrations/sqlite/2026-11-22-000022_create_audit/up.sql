-- What was done to accounts, by opaque ids; lines are added and never changed. No foreign key: a line outlives its member,
-- of whom it then tells nothing.
CREATE TABLE IF NOT EXISTS audit (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at TIMESTAMP NOT NULL,
    action TEXT NOT NULL,
    actor_id TEXT NULL,
    subject_id TEXT NULL,
    session_id TEXT NULL
);
CREATE INDEX IF NOT EXISTS audit_subject ON audit (subject_id, at);
CREATE INDEX IF NOT EXISTS audit_at ON audit (at);
