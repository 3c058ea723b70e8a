-- What readers think of a review, one each.
CREATE TABLE IF NOT EXISTS review_reactions (
    review_id BIGINT NOT NULL REFERENCES reviews (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (review_id, user_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS review_reactions_user ON review_reactions (user_id);
