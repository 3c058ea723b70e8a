-- Popularity is counted from here; the foreign key to users comes with the users.
CREATE TABLE IF NOT EXISTS wishes (
    user_id BIGINT NOT NULL,
    medicine_id BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    PRIMARY KEY (user_id, medicine_id),
    KEY wishes_medicine (medicine_id),
    CONSTRAINT wishes_medicine_fk FOREIGN KEY (medicine_id) REFERENCES medicines (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
