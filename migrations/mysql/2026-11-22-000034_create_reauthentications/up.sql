-- Sessions whose member proved himself once more, and when: what can't be undone asks for it.
CREATE TABLE IF NOT EXISTS reauthentications (
    session_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL,
    proved_at DATETIME(6) NOT NULL,
    KEY reauthentications_proved (proved_at),
    CONSTRAINT reauthentications_user_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
