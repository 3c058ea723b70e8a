ALTER TABLE sms_outbox DROP COLUMN unsure;
