-- Records of the three smaller operations until permit detail, the spine, is merged with them.
-- part tells the rows of one product apart (pill identification has one a strength); 0 elsewhere.
CREATE TABLE IF NOT EXISTS sync_staged (
    run_id BIGINT NOT NULL,
    operation VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    medicine_id BIGINT NOT NULL,
    part BIGINT NOT NULL,
    position BIGINT NOT NULL,
    content MEDIUMBLOB NOT NULL,
    document_hash BINARY(32) NULL,
    PRIMARY KEY (run_id, operation, medicine_id, part)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
