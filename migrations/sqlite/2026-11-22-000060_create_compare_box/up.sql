-- What a member has put aside to compare: at most ten, in the order of `turn`, which counts up by member.
CREATE TABLE IF NOT EXISTS compare_box (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    medicine_id BIGINT NOT NULL REFERENCES medicines (id),
    turn BIGINT NOT NULL,
    added_at TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, medicine_id)
) WITHOUT ROWID;
