DROP TABLE IF EXISTS review_counts;
