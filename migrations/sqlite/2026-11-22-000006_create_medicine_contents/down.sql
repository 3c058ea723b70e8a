DROP TABLE IF EXISTS medicine_contents;
