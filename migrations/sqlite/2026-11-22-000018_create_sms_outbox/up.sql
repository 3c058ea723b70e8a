-- Messages on their way. Neither number nor text stands here: both are computed from the verification when it is sent.
-- `lease_until` keeps other senders away; that of a dead one ends by itself.
CREATE TABLE IF NOT EXISTS sms_outbox (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    verification_id TEXT NOT NULL UNIQUE REFERENCES phone_verifications (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at TIMESTAMP NOT NULL,
    lease_owner TEXT NULL,
    lease_until TIMESTAMP NULL,
    expires_at TIMESTAMP NOT NULL,
    request_id TEXT NULL,
    message_id TEXT NULL,
    outcome TEXT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX IF NOT EXISTS sms_outbox_next ON sms_outbox (state, next_at);
