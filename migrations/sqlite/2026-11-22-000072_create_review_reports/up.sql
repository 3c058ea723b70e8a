-- Who reported a review, and why: one each. An admin's decision sets `decided_at`; a new report of the same reader unsets it.
CREATE TABLE IF NOT EXISTS review_reports (
    review_id BIGINT NOT NULL REFERENCES reviews (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    detail TEXT NULL,
    created_at TIMESTAMP NOT NULL,
    decided_at TIMESTAMP NULL,
    PRIMARY KEY (review_id, user_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS review_reports_user ON review_reports (user_id);
