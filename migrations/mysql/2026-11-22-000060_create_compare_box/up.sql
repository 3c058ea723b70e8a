-- What a member has put aside to compare: at most ten, in the order of `turn`, which counts up by member.
CREATE TABLE IF NOT EXISTS compare_box (
    user_id BIGINT NOT NULL,
    medicine_id BIGINT NOT NULL,
    turn BIGINT NOT NULL,
    added_at DATETIME(6) NOT NULL,
    PRIMARY KEY (user_id, medicine_id),
    KEY compare_box_medicine (medicine_id),
    CONSTRAINT compare_box_user_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT compare_box_medicine_fk FOREIGN KEY (medicine_id) REFERENCES medicines (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
