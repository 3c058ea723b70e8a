DROP TRIGGER IF EXISTS audit_is_kept;
