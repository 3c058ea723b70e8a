DROP TABLE IF EXISTS erasure_receipts;
