-- A line goes after two years and not before, by the clock of the database.
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit FOR EACH ROW
IF OLD.at > UTC_TIMESTAMP(6) - INTERVAL 730 DAY THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'lines of the audit are kept for two years';
END IF;
