-- Popularity is counted from here; the foreign key to users comes with the users.
CREATE TABLE IF NOT EXISTS wishes (
    user_id BIGINT NOT NULL,
    medicine_id BIGINT NOT NULL REFERENCES medicines (id),
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, medicine_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS wishes_medicine ON wishes (medicine_id);
