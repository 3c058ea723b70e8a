-- The picture of a member: the name of a file in the image store, another one for each picture, and the upload it came from.
CREATE TABLE IF NOT EXISTS profile_images (
    user_id BIGINT NOT NULL PRIMARY KEY,
    file VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    upload_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    created_at DATETIME(6) NOT NULL,
    UNIQUE KEY profile_images_file (file),
    CONSTRAINT profile_images_user_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
