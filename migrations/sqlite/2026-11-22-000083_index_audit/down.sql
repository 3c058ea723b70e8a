DROP INDEX IF EXISTS audit_action;
DROP INDEX IF EXISTS audit_actor;
