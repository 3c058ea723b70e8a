-- Permissions to upload a picture, each good once. `claim` names the request that is working on it, until `claimed_until`:
-- one that died ends by itself.
CREATE TABLE IF NOT EXISTS image_uploads (
    id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL,
    content_type VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    size INT NOT NULL,
    state VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    claim CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
    claimed_until DATETIME(6) NULL,
    created_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    KEY image_uploads_user (user_id, created_at),
    KEY image_uploads_created (created_at),
    CONSTRAINT image_uploads_user_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
