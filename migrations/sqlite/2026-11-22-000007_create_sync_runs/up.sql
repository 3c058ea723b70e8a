-- version: of the program; another one may read staged rows differently, so that it begins anew.
CREATE TABLE IF NOT EXISTS sync_runs (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL,
    reason TEXT NULL,
    version TEXT NOT NULL,
    generation_id BIGINT NOT NULL,
    started_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP NULL
);
CREATE INDEX IF NOT EXISTS sync_runs_state ON sync_runs (state);
