CREATE TABLE IF NOT EXISTS sync_rejects (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    run_id BIGINT NOT NULL,
    operation TEXT NOT NULL,
    page INTEGER NOT NULL,
    position INTEGER NOT NULL,
    medicine_id BIGINT NULL,
    field TEXT NOT NULL,
    code TEXT NOT NULL,
    reason TEXT NOT NULL,
    raw TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS sync_rejects_page ON sync_rejects (run_id, operation, page);
