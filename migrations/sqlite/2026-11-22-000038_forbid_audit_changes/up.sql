-- A line that stands is never changed, by us neither.
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'lines of the audit are never changed');
END;
