DROP TABLE IF EXISTS reauthentications;
