-- What repeated sign-ups are answered with, for a day: keyed hashes of the `Idempotency-Key` with the token of the
-- verification, and of the body without its password; the member that was made.
CREATE TABLE IF NOT EXISTS sign_up_answers (
    key_hash BINARY(32) NOT NULL PRIMARY KEY,
    body_hash BINARY(32) NOT NULL,
    member_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    created_at DATETIME(6) NOT NULL,
    KEY sign_up_answers_member (member_id),
    KEY sign_up_answers_created (created_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
