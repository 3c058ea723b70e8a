DROP TABLE store_format;
