DROP TABLE IF EXISTS catalogue_generations;
