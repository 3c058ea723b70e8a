DROP TABLE IF EXISTS health_quotes;
