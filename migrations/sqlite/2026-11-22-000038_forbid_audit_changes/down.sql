DROP TRIGGER IF EXISTS audit_is_not_changed;
