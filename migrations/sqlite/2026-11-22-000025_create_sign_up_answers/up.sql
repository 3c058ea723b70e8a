-- What repeated sign-ups are answered with, for a day: keyed hashes of the `Idempotency-Key` with the token of the
-- verification, and of the body without its password; the member that was made.
CREATE TABLE IF NOT EXISTS sign_up_answers (
    key_hash BLOB NOT NULL PRIMARY KEY,
    body_hash BLOB NOT NULL,
    member_id TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sign_up_answers_member ON sign_up_answers (member_id);
CREATE INDEX IF NOT EXISTS sign_up_answers_created ON sign_up_answers (created_at);
