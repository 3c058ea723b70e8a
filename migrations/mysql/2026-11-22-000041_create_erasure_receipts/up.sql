-- What somebody who withdrew can look at without an account: that it was done, and since when chat-server has done it, too.
-- `id` is drawn at random; nothing here tells whose it is, and `statement_id` names a line that goes when it is known.
CREATE TABLE IF NOT EXISTS erasure_receipts (
    id CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    erased_at DATETIME(6) NOT NULL,
    statement_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    chat_done_at DATETIME(6) NULL,
    UNIQUE KEY erasure_receipts_statement (statement_id),
    KEY erasure_receipts_done (chat_done_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
