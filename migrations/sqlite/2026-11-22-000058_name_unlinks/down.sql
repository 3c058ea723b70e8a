DROP INDEX IF EXISTS social_unlinks_subject;
ALTER TABLE social_unlinks DROP COLUMN subject_index;
