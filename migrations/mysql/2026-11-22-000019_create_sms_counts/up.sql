-- What has been asked for and sent in an hour or a day, by keyed hashes of addresses and numbers. The row of the day's cost
-- is locked by every request, so that no two count the same.
CREATE TABLE IF NOT EXISTS sms_counts (
    scope VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    subject BINARY(32) NOT NULL,
    window_start DATETIME(6) NOT NULL,
    amount BIGINT NOT NULL,
    last_at DATETIME(6) NULL,
    PRIMARY KEY (scope, subject, window_start),
    KEY sms_counts_window (window_start)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
