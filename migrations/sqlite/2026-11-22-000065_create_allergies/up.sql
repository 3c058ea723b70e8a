-- What a member is allergic to: one sealed list, so that whoever reads the table learns neither of what nor of how much.
CREATE TABLE IF NOT EXISTS allergies (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    sealed BLOB NOT NULL
);
