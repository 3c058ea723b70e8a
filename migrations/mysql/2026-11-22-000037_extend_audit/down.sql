ALTER TABLE audit DROP COLUMN request_id, DROP COLUMN address_sealed, DROP COLUMN detail;
