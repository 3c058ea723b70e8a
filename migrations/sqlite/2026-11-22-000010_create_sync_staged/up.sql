-- Records of the three smaller operations until permit detail, the spine, is merged with them.
-- part tells the rows of one product apart (pill identification has one a strength); 0 elsewhere.
CREATE TABLE IF NOT EXISTS sync_staged (
    run_id BIGINT NOT NULL,
    operation TEXT NOT NULL,
    medicine_id BIGINT NOT NULL,
    part BIGINT NOT NULL,
    position BIGINT NOT NULL,
    content BLOB NOT NULL,
    document_hash BLOB NULL,
    PRIMARY KEY (run_id, operation, medicine_id, part)
) WITHOUT ROWID;
