-- What repeated calls with an `Idempotency-Key` are answered with, for a day: keyed hashes of caller, route and key, and
-- of the body; the answer as it was given.
CREATE TABLE IF NOT EXISTS once_answers (
    key_hash BINARY(32) NOT NULL PRIMARY KEY,
    body_hash BINARY(32) NOT NULL,
    caller_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    status INT NOT NULL,
    answer TEXT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    KEY once_answers_caller (caller_id),
    KEY once_answers_created (created_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
