-- Sign-ins, one a device. `family_hash` is what refresh tokens are found by; `id` stands in access tokens and in the list
-- of devices, and no token can be made from it.
CREATE TABLE IF NOT EXISTS sessions (
    id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL,
    family_hash BINARY(32) NOT NULL,
    generation BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    rotated_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    device VARCHAR(80) NOT NULL,
    ended_at DATETIME(6) NULL,
    ended_why VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NULL,
    UNIQUE KEY sessions_family (family_hash),
    KEY sessions_user (user_id, ended_at),
    KEY sessions_ended (ended_at),
    KEY sessions_expires (expires_at),
    CONSTRAINT sessions_user_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
