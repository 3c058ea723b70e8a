-- How many reviews of a medicine are shown, by their ratings: counting ten thousand for each page would take longer than the page.
-- Changed in the transaction that shows or hides a review.
CREATE TABLE IF NOT EXISTS review_counts (
    medicine_id BIGINT NOT NULL REFERENCES medicines (id),
    rating INTEGER NOT NULL,
    shown BIGINT NOT NULL CHECK (shown >= 0),
    PRIMARY KEY (medicine_id, rating)
) WITHOUT ROWID;
