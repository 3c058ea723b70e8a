-- Providers that have to be told that somebody left. A row names no member, holds what that one call needs, sealed, and
-- goes as soon as the provider knows, after a week at the latest.
CREATE TABLE IF NOT EXISTS social_unlinks (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    provider VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    sealed VARBINARY(2200) NOT NULL,
    attempts INT NOT NULL,
    next_at DATETIME(6) NOT NULL,
    lease_owner CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
    lease_until DATETIME(6) NULL,
    created_at DATETIME(6) NOT NULL,
    KEY social_unlinks_next (next_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
