-- Sessions whose member proved himself once more, and when: what can't be undone asks for it.
CREATE TABLE IF NOT EXISTS reauthentications (
    session_id TEXT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    proved_at TIMESTAMP NOT NULL
);
CREATE INDEX IF NOT EXISTS reauthentications_proved ON reauthentications (proved_at);
