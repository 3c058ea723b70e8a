-- Admins read the audit by action and by who did it; newest first is by id, which each index ends with.
CREATE INDEX IF NOT EXISTS audit_action ON audit (action);
CREATE INDEX IF NOT EXISTS audit_actor ON audit (actor_id);
