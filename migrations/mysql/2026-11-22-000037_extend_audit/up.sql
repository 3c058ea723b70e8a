-- More of what was done: which request, from where (sealed with the member's own key), a word about it.
ALTER TABLE audit
    ADD COLUMN request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    ADD COLUMN address_sealed VARBINARY(120) NULL,
    ADD COLUMN detail VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NULL;
