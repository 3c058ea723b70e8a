-- Files of the image store that are to be deleted, and files that may be written without being needed in the end. A row
-- stands here before its file does, so that no crash leaves a file that nobody knows. It names no member: it outlives him.
-- Until `until_at` somebody may still write the file: it is deleted again then.
CREATE TABLE IF NOT EXISTS image_deletions (
    file TEXT NOT NULL PRIMARY KEY,
    next_at TIMESTAMP NOT NULL,
    until_at TIMESTAMP NOT NULL,
    attempts INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX IF NOT EXISTS image_deletions_next ON image_deletions (next_at);
