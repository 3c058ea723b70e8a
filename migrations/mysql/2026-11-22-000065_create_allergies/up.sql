-- What a member is allergic to: one sealed list, so that whoever reads the table learns neither of what nor of how much.
CREATE TABLE IF NOT EXISTS allergies (
    user_id BIGINT NOT NULL PRIMARY KEY,
    sealed BLOB NOT NULL,
    CONSTRAINT allergies_user_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
