-- When the second factor of a session was given; access tokens say so for some hours.
ALTER TABLE sessions ADD COLUMN second_factor_at TIMESTAMP NULL;
