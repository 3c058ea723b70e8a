DROP TABLE IF EXISTS image_uploads;
