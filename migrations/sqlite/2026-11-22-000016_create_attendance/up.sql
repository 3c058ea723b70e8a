-- One row a member and day in Seoul: days attended are counted from here.
CREATE TABLE IF NOT EXISTS attendance (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    day DATE NOT NULL,
    PRIMARY KEY (user_id, day)
);
