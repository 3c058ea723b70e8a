-- The content of the catalogue is keyed by generation. The totals are what the feed held, the yardstick of the next run.
CREATE TABLE IF NOT EXISTS catalogue_generations (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    run_id BIGINT NOT NULL,
    state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    created_at DATETIME(6) NOT NULL,
    activated_at DATETIME(6) NULL,
    medicine_count INT NOT NULL DEFAULT 0,
    carried_count INT NOT NULL DEFAULT 0,
    permit_detail_total INT NOT NULL DEFAULT 0,
    permit_list_total INT NOT NULL DEFAULT 0,
    pill_total INT NOT NULL DEFAULT 0,
    easy_guide_total INT NOT NULL DEFAULT 0,
    KEY catalogue_generations_run (run_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
