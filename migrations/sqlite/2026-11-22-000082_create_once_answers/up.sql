-- What repeated calls with an `Idempotency-Key` are answered with, for a day: keyed hashes of caller, route and key, and
-- of the body; the answer as it was given.
CREATE TABLE IF NOT EXISTS once_answers (
    key_hash BLOB NOT NULL PRIMARY KEY,
    body_hash BLOB NOT NULL,
    caller_id TEXT NOT NULL,
    status INTEGER NOT NULL,
    answer TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS once_answers_caller ON once_answers (caller_id);
CREATE INDEX IF NOT EXISTS once_answers_created ON once_answers (created_at);
