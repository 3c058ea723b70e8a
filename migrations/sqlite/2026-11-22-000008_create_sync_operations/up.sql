-- Counts of a run by operation of the feed, for people who watch it and for the checks before the swap.
CREATE TABLE IF NOT EXISTS sync_operations (
    run_id BIGINT NOT NULL,
    operation TEXT NOT NULL,
    total INTEGER NOT NULL,
    pages_done INTEGER NOT NULL,
    records INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    complete BOOLEAN NOT NULL,
    PRIMARY KEY (run_id, operation)
) WITHOUT ROWID;
