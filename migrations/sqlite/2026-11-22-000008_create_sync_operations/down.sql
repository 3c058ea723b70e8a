DROP TABLE IF EXISTS sync_operations;
