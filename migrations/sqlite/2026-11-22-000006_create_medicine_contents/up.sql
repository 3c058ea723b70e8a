-- What a generation says of each medicine; the documents stand apart, by hash.
CREATE TABLE IF NOT EXISTS medicine_contents (
    generation_id BIGINT NOT NULL,
    medicine_id BIGINT NOT NULL,
    content BLOB NOT NULL,
    efficacy_hash BLOB NULL,
    dosage_hash BLOB NULL,
    precautions_hash BLOB NULL,
    easy_guide_hash BLOB NULL,
    PRIMARY KEY (generation_id, medicine_id)
) WITHOUT ROWID;
