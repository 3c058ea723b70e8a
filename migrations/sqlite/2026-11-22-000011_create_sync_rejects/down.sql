DROP TABLE IF EXISTS sync_rejects;
