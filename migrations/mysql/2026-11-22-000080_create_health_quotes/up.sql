-- What people are told for their health, a sentence each. Positions run from 1 without a gap, so that each is drawn
-- as often as any other and no draw reads more than two rows.
CREATE TABLE IF NOT EXISTS health_quotes (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    position BIGINT NOT NULL,
    body VARCHAR(300) NOT NULL,
    source VARCHAR(60) NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    UNIQUE KEY health_quotes_position (position)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
