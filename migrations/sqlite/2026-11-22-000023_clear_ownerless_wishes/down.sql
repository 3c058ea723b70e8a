-- What belonged to nobody is not put back.
DELETE FROM wishes WHERE 1 = 0;
