-- What people are told for their health, a sentence each. Positions run from 1 without a gap, so that each is drawn
-- as often as any other and no draw reads more than two rows.
CREATE TABLE IF NOT EXISTS health_quotes (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    position BIGINT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    source TEXT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
