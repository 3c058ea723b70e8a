-- Which pages are stored: a run that was stopped goes on with the others. The total tells a feed that moved meanwhile.
CREATE TABLE IF NOT EXISTS sync_pages (
    run_id BIGINT NOT NULL,
    operation TEXT NOT NULL,
    page INTEGER NOT NULL,
    total INTEGER NOT NULL,
    items INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    fetched_at TIMESTAMP NOT NULL,
    PRIMARY KEY (run_id, operation, page)
) WITHOUT ROWID;
