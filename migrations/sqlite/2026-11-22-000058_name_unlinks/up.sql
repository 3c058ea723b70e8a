-- Of whom a provider is told, by the same keyed hash as in `social_identities`: who links it anew is not unlinked by
-- what was left of the old link. Jobs of before have none and are done as before, within a week.
ALTER TABLE social_unlinks ADD COLUMN subject_index BLOB NULL;
CREATE INDEX IF NOT EXISTS social_unlinks_subject ON social_unlinks (provider, subject_index);
