-- What has been asked for and sent in an hour or a day, by keyed hashes of addresses and numbers. The row of the day's cost
-- is locked by every request, so that no two count the same.
CREATE TABLE IF NOT EXISTS sms_counts (
    scope TEXT NOT NULL,
    subject BLOB NOT NULL,
    window_start TIMESTAMP NOT NULL,
    amount BIGINT NOT NULL,
    last_at TIMESTAMP NULL,
    PRIMARY KEY (scope, subject, window_start)
);
CREATE INDEX IF NOT EXISTS sms_counts_window ON sms_counts (window_start);
