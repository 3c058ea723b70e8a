-- Counts of a run by operation of the feed, for people who watch it and for the checks before the swap.
CREATE TABLE IF NOT EXISTS sync_operations (
    run_id BIGINT NOT NULL,
    operation VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    total INT NOT NULL,
    pages_done INT NOT NULL,
    records INT NOT NULL,
    rejected INT NOT NULL,
    duplicates INT NOT NULL,
    complete BOOLEAN NOT NULL,
    PRIMARY KEY (run_id, operation)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
