DROP TABLE IF EXISTS sync_staged;
