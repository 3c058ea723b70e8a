-- What a generation says of each medicine; the documents stand apart, by hash.
-- carried: the feed did not hold it this time, so that it was taken over from the generation before.
CREATE TABLE IF NOT EXISTS medicine_contents (
    generation_id BIGINT NOT NULL,
    medicine_id BIGINT NOT NULL,
    content MEDIUMBLOB NOT NULL,
    efficacy_hash BINARY(32) NULL,
    dosage_hash BINARY(32) NULL,
    precautions_hash BINARY(32) NULL,
    easy_guide_hash BINARY(32) NULL,
    carried BOOLEAN NOT NULL,
    PRIMARY KEY (generation_id, medicine_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
