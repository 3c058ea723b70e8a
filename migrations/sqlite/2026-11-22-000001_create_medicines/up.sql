-- Ids are MFDS's ITEM_SEQ and stay for ever; nothing deletes from here.
CREATE TABLE IF NOT EXISTS medicines (
    id BIGINT NOT NULL PRIMARY KEY,
    first_seen_at TIMESTAMP NOT NULL
);
