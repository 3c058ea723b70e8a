-- A line that stands is never changed, by us neither. Where the binary log is on, the server needs
-- log_bin_trust_function_creators, or an account that may SUPER, to take triggers.
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'lines of the audit are never changed';
