-- One row a member and day in Seoul: days attended are counted from here.
CREATE TABLE IF NOT EXISTS attendance (
    user_id BIGINT NOT NULL,
    day DATE NOT NULL,
    PRIMARY KEY (user_id, day),
    CONSTRAINT attendance_user_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
