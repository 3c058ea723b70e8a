-- What a generation says of each medicine; the documents stand apart, by hash.
-- carried: the feed did not hold it this time, so that it was taken over from the generation before.
CREATE TABLE IF NOT EXISTS medicine_contents (
    generation_id BIGINT NOT NULL,
    medicine_id BIGINT NOT NULL,
    content BLOB NOT NULL,
    efficacy_hash BLOB NULL,
    dosage_hash BLOB NULL,
    precautions_hash BLOB NULL,
    easy_guide_hash BLOB NULL,
    carried BOOLEAN NOT NULL,
    PRIMARY KEY (generation_id, medicine_id)
) WITHOUT ROWID;
