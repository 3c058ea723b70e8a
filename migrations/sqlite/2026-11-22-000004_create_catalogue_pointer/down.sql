DROP TABLE IF EXISTS catalogue_pointer;
