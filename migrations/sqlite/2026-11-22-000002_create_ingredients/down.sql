DROP TABLE IF EXISTS ingredients;
