-- More of what was done: which request, from where (sealed with the member's own key), a word about it.
ALTER TABLE audit ADD COLUMN request_id TEXT NULL;
ALTER TABLE audit ADD COLUMN address_sealed BLOB NULL;
ALTER TABLE audit ADD COLUMN detail TEXT NULL;
