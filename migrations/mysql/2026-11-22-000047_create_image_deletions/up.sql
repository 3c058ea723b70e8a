-- Files of the image store that are to be deleted, and files that may be written without being needed in the end. A row
-- stands here before its file does, so that no crash leaves a file that nobody knows. It names no member: it outlives him.
-- Until `until_at` somebody may still write the file: it is deleted again then.
CREATE TABLE IF NOT EXISTS image_deletions (
    file VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    next_at DATETIME(6) NOT NULL,
    until_at DATETIME(6) NOT NULL,
    attempts INT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    KEY image_deletions_next (next_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
