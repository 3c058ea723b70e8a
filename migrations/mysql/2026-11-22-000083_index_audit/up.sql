-- Admins read the audit by action and by who did it; newest first is by id, which each index ends with.
ALTER TABLE audit ADD KEY audit_action (action), ADD KEY audit_actor (actor_id);
