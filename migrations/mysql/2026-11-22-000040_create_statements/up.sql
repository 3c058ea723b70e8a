-- What chat-server still has to be told, by opaque ids: a line goes once it has said that it knows. No foreign key: that
-- somebody was erased is told after he is gone. `lease_until` keeps other senders away; that of a dead one ends by itself.
CREATE TABLE IF NOT EXISTS statements (
    id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    event VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    subject_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    session_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
    until_at DATETIME(6) NULL,
    happened_at DATETIME(6) NOT NULL,
    attempts INT NOT NULL,
    next_at DATETIME(6) NOT NULL,
    lease_owner CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
    lease_until DATETIME(6) NULL,
    KEY statements_next (next_at),
    KEY statements_event (event, happened_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
