ALTER TABLE audit DROP KEY audit_action, DROP KEY audit_actor;
