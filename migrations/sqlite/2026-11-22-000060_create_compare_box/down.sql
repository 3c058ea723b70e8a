DROP TABLE IF EXISTS compare_box;
