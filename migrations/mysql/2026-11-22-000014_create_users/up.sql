-- Members. `public_id` is the only name of a member outside this database. Numbers and e-mails are sealed (the key's id
-- is the head of the sealed bytes) and found by keyed hashes; everything that tells who somebody is can be NULL, since
-- withdrawal erases it and keeps the row. `email_index` is set for verified addresses only: an unverified one is no claim.
CREATE TABLE IF NOT EXISTS users (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    public_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    login_id VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NULL,
    password_hash VARCHAR(72) CHARACTER SET ascii COLLATE ascii_bin NULL,
    password_changed_at DATETIME(6) NULL,
    nickname VARCHAR(12) NULL,
    nickname_key VARCHAR(12) NULL,
    email_sealed VARBINARY(400) NULL,
    email_index BINARY(32) NULL,
    phone_sealed VARBINARY(100) NULL,
    phone_index BINARY(32) NULL,
    role VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    state_changed_at DATETIME(6) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    UNIQUE KEY users_public_id (public_id),
    UNIQUE KEY users_login_id (login_id),
    UNIQUE KEY users_nickname (nickname_key),
    UNIQUE KEY users_email (email_index),
    UNIQUE KEY users_phone (phone_index),
    KEY users_state (state, state_changed_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
