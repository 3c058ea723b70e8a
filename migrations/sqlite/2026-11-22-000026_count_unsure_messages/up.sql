-- How often a message was sent without anybody knowing whether it went: its sender died, or the answer was lost.
ALTER TABLE sms_outbox ADD COLUMN unsure INTEGER NOT NULL DEFAULT 0;
