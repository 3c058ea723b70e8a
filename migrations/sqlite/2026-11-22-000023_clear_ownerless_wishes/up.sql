-- There were no users: whatever stands here belongs to nobody, and the next migration could not refer to it.
DELETE FROM wishes WHERE user_id NOT IN (SELECT id FROM users);
