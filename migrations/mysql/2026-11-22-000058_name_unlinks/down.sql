ALTER TABLE social_unlinks DROP KEY social_unlinks_subject, DROP COLUMN subject_index;
