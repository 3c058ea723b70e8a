-- One permanent id space for actives and additives, keyed by canonical name; a merge sets redirect_to.
CREATE TABLE IF NOT EXISTS ingredients (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    canonical_name VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    name VARCHAR(500) NOT NULL,
    english_name VARCHAR(500) NULL,
    mfds_code VARCHAR(32) NULL,
    description TEXT NULL,
    redirect_to BIGINT NULL,
    first_seen_at DATETIME(6) NOT NULL,
    UNIQUE KEY ingredients_canonical_name (canonical_name),
    KEY ingredients_redirect_to (redirect_to),
    CONSTRAINT ingredients_redirect_fk FOREIGN KEY (redirect_to) REFERENCES ingredients (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
