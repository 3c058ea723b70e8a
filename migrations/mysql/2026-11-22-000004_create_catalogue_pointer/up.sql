-- One row (id 1): which generation readers see. A swap updates this row and nothing that readers look at besides.
CREATE TABLE IF NOT EXISTS catalogue_pointer (
    id BIGINT NOT NULL PRIMARY KEY,
    generation_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    synced_at DATETIME(6) NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
