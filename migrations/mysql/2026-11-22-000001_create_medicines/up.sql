-- Ids are MFDS's ITEM_SEQ and stay for ever; nothing deletes from here.
CREATE TABLE IF NOT EXISTS medicines (
    id BIGINT NOT NULL PRIMARY KEY,
    first_seen_at DATETIME(6) NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
