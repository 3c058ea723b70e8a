ALTER TABLE audit DROP COLUMN request_id;
ALTER TABLE audit DROP COLUMN address_sealed;
ALTER TABLE audit DROP COLUMN detail;
