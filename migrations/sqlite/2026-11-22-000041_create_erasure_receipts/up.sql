-- What somebody who withdrew can look at without an account: that it was done, and since when chat-server has done it, too.
-- `id` is drawn at random; nothing here tells whose it is, and `statement_id` names a line that goes when it is known.
CREATE TABLE IF NOT EXISTS erasure_receipts (
    id TEXT NOT NULL PRIMARY KEY,
    erased_at TIMESTAMP NOT NULL,
    statement_id TEXT NOT NULL UNIQUE,
    chat_done_at TIMESTAMP NULL
);
CREATE INDEX IF NOT EXISTS erasure_receipts_done ON erasure_receipts (chat_done_at);
