-- Long texts, addressed by their SHA-256 and never changed: a weekly run writes only what is new.
CREATE TABLE IF NOT EXISTS documents (
    hash BINARY(32) NOT NULL PRIMARY KEY,
    body MEDIUMBLOB NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
