-- Messages on their way. Neither number nor text stands here: both are computed from the verification when it is sent.
-- `lease_until` keeps other senders away; that of a dead one ends by itself.
CREATE TABLE IF NOT EXISTS sms_outbox (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    verification_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    state VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    attempts INT NOT NULL,
    next_at DATETIME(6) NOT NULL,
    lease_owner CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
    lease_until DATETIME(6) NULL,
    expires_at DATETIME(6) NOT NULL,
    request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    message_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    outcome VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    UNIQUE KEY sms_outbox_verification (verification_id),
    KEY sms_outbox_next (state, next_at),
    CONSTRAINT sms_outbox_verification_fk FOREIGN KEY (verification_id) REFERENCES phone_verifications (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
