DROP TABLE IF EXISTS review_reports;
