DROP TABLE IF EXISTS social_exchanges;
