-- A line goes after two years and not before, by the clock of the database.
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
WHEN julianday(OLD.at) > julianday('now', '-730 days')
BEGIN
    SELECT RAISE(ABORT, 'lines of the audit are kept for two years');
END;
