-- What members say of medicines, one each. Only what is public stands here to be read; what is its author's alone is sealed, so
-- that no mistake in a query can show it. `folded` is what a keyword is looked for in. Nothing is public without the version of
-- the notice that its author read (개인정보 보호법 제23조 제3항). The counts are those of review_reactions and of the open
-- review_reports, changed in the same transaction: lists are sorted by them.
CREATE TABLE IF NOT EXISTS reviews (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    public_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    user_id BIGINT NOT NULL,
    medicine_id BIGINT NOT NULL,
    rating INT NOT NULL,
    body TEXT NULL,
    folded TEXT NULL,
    sealed VARBINARY(6000) NULL,
    visibility VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    notice_version VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NULL,
    notice_acknowledged_at DATETIME(6) NULL,
    state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    open_reports BIGINT NOT NULL DEFAULT 0,
    helpful BIGINT NOT NULL DEFAULT 0,
    unhelpful BIGINT NOT NULL DEFAULT 0,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    UNIQUE KEY reviews_public_id (public_id),
    UNIQUE KEY reviews_user_medicine (user_id, medicine_id),
    KEY reviews_newest (medicine_id, visibility, state, created_at, public_id),
    KEY reviews_helpful (medicine_id, visibility, state, helpful, created_at, public_id),
    KEY reviews_own (user_id, created_at, public_id),
    KEY reviews_state (state, created_at, public_id),
    KEY reviews_open (open_reports),
    CONSTRAINT reviews_rating CHECK (rating BETWEEN 1 AND 5),
    CONSTRAINT reviews_shown CHECK (
        (visibility = 'public' AND body IS NOT NULL AND folded IS NOT NULL AND sealed IS NULL
            AND notice_version IS NOT NULL AND notice_acknowledged_at IS NOT NULL)
        OR (visibility = 'private' AND body IS NULL AND folded IS NULL AND sealed IS NOT NULL)
    ),
    CONSTRAINT reviews_counts CHECK (open_reports >= 0 AND helpful >= 0 AND unhelpful >= 0),
    CONSTRAINT reviews_user_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT reviews_medicine_fk FOREIGN KEY (medicine_id) REFERENCES medicines (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
