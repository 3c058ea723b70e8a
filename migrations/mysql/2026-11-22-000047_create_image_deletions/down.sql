DROP TABLE IF EXISTS image_deletions;
