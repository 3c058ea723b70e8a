-- What chat-server still has to be told, by opaque ids: a line goes once it has said that it knows. No foreign key: that
-- somebody was erased is told after he is gone. `lease_until` keeps other senders away; that of a dead one ends by itself.
CREATE TABLE IF NOT EXISTS statements (
    id TEXT NOT NULL PRIMARY KEY,
    event TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    session_id TEXT NULL,
    until_at TIMESTAMP NULL,
    happened_at TIMESTAMP NOT NULL,
    attempts INTEGER NOT NULL,
    next_at TIMESTAMP NOT NULL,
    lease_owner TEXT NULL,
    lease_until TIMESTAMP NULL
);
CREATE INDEX IF NOT EXISTS statements_next ON statements (next_at);
CREATE INDEX IF NOT EXISTS statements_event ON statements (event, happened_at);
