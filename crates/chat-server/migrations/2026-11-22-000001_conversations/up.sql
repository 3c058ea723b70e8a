-- `body` is the whole conversation as JSON, the same form as in MongoDB; the columns are what is looked for.
CREATE TABLE conversations (
    id TEXT PRIMARY KEY NOT NULL,
    person TEXT NOT NULL UNIQUE,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    queue_key BIGINT,
    counsellor TEXT,
    lease_until BIGINT,
    closed_at BIGINT,
    unanswered BOOLEAN NOT NULL,
    outbox_due BIGINT,
    outbox_dead BOOLEAN NOT NULL,
    pending_purge BOOLEAN NOT NULL,
    last_at BIGINT NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX conversations_queue ON conversations (queue_key, id) WHERE queue_key IS NOT NULL;
CREATE INDEX conversations_counsellor ON conversations (counsellor, last_at) WHERE counsellor IS NOT NULL;
CREATE INDEX conversations_lease ON conversations (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX conversations_closed ON conversations (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX conversations_unanswered ON conversations (last_at) WHERE unanswered;
CREATE INDEX conversations_due ON conversations (outbox_due) WHERE outbox_due IS NOT NULL;
CREATE INDEX conversations_dead ON conversations (last_at) WHERE outbox_dead;
CREATE INDEX conversations_purge ON conversations (last_at) WHERE pending_purge;
CREATE INDEX conversations_state ON conversations (state, last_at);

CREATE TABLE messages (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL CHECK (seq > 0),
    key TEXT NOT NULL,
    purge_at BIGINT,
    body TEXT NOT NULL,
    PRIMARY KEY (conversation, seq)
) WITHOUT ROWID;
CREATE UNIQUE INDEX messages_key ON messages (conversation, key);
CREATE INDEX messages_purge ON messages (purge_at) WHERE purge_at IS NOT NULL;

-- Guests, keyword answers, holidays, canned replies, words, statements, what staff did.
CREATE TABLE records (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    owner TEXT NOT NULL,
    sort BIGINT NOT NULL,
    expires_at BIGINT,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE INDEX records_owner ON records (kind, owner, sort, id);
CREATE INDEX records_sort ON records (kind, sort, id);
CREATE INDEX records_expiry ON records (expires_at) WHERE expires_at IS NOT NULL;

UPDATE store_format SET version = 2;
