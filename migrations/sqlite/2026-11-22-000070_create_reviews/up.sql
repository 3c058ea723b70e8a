-- What members say of medicines, one each. Only what is public stands here to be read; what is its author's alone is sealed, so
-- that no mistake in a query can show it. `folded` is what a keyword is looked for in. Nothing is public without the version of
-- the notice that its author read (개인정보 보호법 제23조 제3항). The counts are those of review_reactions and of the open
-- review_reports, changed in the same transaction: lists are sorted by them.
CREATE TABLE IF NOT EXISTS reviews (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    medicine_id BIGINT NOT NULL REFERENCES medicines (id),
    rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 5),
    body TEXT NULL,
    folded TEXT NULL,
    sealed BLOB NULL,
    visibility TEXT NOT NULL,
    notice_version TEXT NULL,
    notice_acknowledged_at TIMESTAMP NULL,
    state TEXT NOT NULL,
    open_reports BIGINT NOT NULL DEFAULT 0,
    helpful BIGINT NOT NULL DEFAULT 0,
    unhelpful BIGINT NOT NULL DEFAULT 0,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (user_id, medicine_id),
    CHECK (
        (visibility = 'public' AND body IS NOT NULL AND folded IS NOT NULL AND sealed IS NULL
            AND notice_version IS NOT NULL AND notice_acknowledged_at IS NOT NULL)
        OR (visibility = 'private' AND body IS NULL AND folded IS NULL AND sealed IS NOT NULL)
    ),
    CHECK (open_reports >= 0 AND helpful >= 0 AND unhelpful >= 0)
);
CREATE INDEX IF NOT EXISTS reviews_newest ON reviews (medicine_id, visibility, state, created_at, public_id);
CREATE INDEX IF NOT EXISTS reviews_helpful ON reviews (medicine_id, visibility, state, helpful, created_at, public_id);
CREATE INDEX IF NOT EXISTS reviews_own ON reviews (user_id, created_at, public_id);
CREATE INDEX IF NOT EXISTS reviews_state ON reviews (state, created_at, public_id);
CREATE INDEX IF NOT EXISTS reviews_open ON reviews (open_reports);
