CREATE TABLE IF NOT EXISTS sync_rejects (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    run_id BIGINT NOT NULL,
    operation VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    page INT NOT NULL,
    position INT NOT NULL,
    medicine_id BIGINT NULL,
    field VARCHAR(64) NOT NULL,
    code VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    reason VARCHAR(1000) NOT NULL,
    raw TEXT NOT NULL,
    KEY sync_rejects_page (run_id, operation, page)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
