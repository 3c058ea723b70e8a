-- Opaque ids of who withdrew lately, so that every instance refuses their access tokens; they go with the last of those.
CREATE TABLE IF NOT EXISTS erased_users (
    public_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    erased_at DATETIME(6) NOT NULL,
    KEY erased_users_at (erased_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
