-- Which pages are stored: a run that was stopped goes on with the others. The total tells a feed that moved meanwhile.
CREATE TABLE IF NOT EXISTS sync_pages (
    run_id BIGINT NOT NULL,
    operation VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    page INT NOT NULL,
    total INT NOT NULL,
    items INT NOT NULL,
    rejected INT NOT NULL,
    duplicates INT NOT NULL,
    fetched_at DATETIME(6) NOT NULL,
    PRIMARY KEY (run_id, operation, page)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
