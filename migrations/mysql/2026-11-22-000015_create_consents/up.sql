-- Who said what to which text, and when. Lines are added and never changed; they go with their member.
CREATE TABLE IF NOT EXISTS consents (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    agreed BOOLEAN NOT NULL,
    text_version VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    said_at DATETIME(6) NOT NULL,
    KEY consents_user (user_id, id),
    CONSTRAINT consents_user_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
