DROP TABLE IF EXISTS social_unlinks;
