-- What goes on, from one day of Seoul to another, both included.
CREATE TABLE IF NOT EXISTS events (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    title VARCHAR(100) NOT NULL,
    body VARCHAR(2000) NOT NULL,
    link_url VARCHAR(500) CHARACTER SET ascii COLLATE ascii_bin NULL,
    picture_url VARCHAR(500) CHARACTER SET ascii COLLATE ascii_bin NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    KEY events_ends (ends_on)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
