-- The picture of a member: the name of a file in the image store, another one for each picture, and the upload it came from.
CREATE TABLE IF NOT EXISTS profile_images (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    file TEXT NOT NULL UNIQUE,
    upload_id TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
