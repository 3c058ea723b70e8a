DROP TABLE IF EXISTS profile_images;
