-- The content of the catalogue is keyed by generation. The totals are what the feed held, the yardstick of the next run.
CREATE TABLE IF NOT EXISTS catalogue_generations (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    run_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    activated_at TIMESTAMP NULL,
    medicine_count INTEGER NOT NULL DEFAULT 0,
    carried_count INTEGER NOT NULL DEFAULT 0,
    permit_detail_total INTEGER NOT NULL DEFAULT 0,
    permit_list_total INTEGER NOT NULL DEFAULT 0,
    pill_total INTEGER NOT NULL DEFAULT 0,
    easy_guide_total INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS catalogue_generations_run ON catalogue_generations (run_id);
