-- SQLite adds no foreign key to a table: it is made anew.
CREATE TABLE wishes_new (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    medicine_id BIGINT NOT NULL REFERENCES medicines (id),
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, medicine_id)
) WITHOUT ROWID;
INSERT INTO wishes_new SELECT user_id, medicine_id, created_at FROM wishes;
DROP TABLE wishes;
ALTER TABLE wishes_new RENAME TO wishes;
CREATE INDEX IF NOT EXISTS wishes_medicine ON wishes (medicine_id);
