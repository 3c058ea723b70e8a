-- How many reviews of a medicine are shown, by their ratings: counting ten thousand for each page would take longer than the page.
-- Changed in the transaction that shows or hides a review.
CREATE TABLE IF NOT EXISTS review_counts (
    medicine_id BIGINT NOT NULL,
    rating INT NOT NULL,
    shown BIGINT NOT NULL,
    PRIMARY KEY (medicine_id, rating),
    CONSTRAINT review_counts_shown CHECK (shown >= 0),
    CONSTRAINT review_counts_medicine_fk FOREIGN KEY (medicine_id) REFERENCES medicines (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
