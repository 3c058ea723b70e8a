-- What keeps an account safe, and what an admin did to it; one row a member who needs one, deleted when he withdraws.
-- `address_salt`: addresses in the audit are sealed with a key that is computed from it, so without it nobody reads them.
-- `factor_secret`: of TOTP, sealed; it counts once `factor_confirmed_at` is set. `factor_last_step`: the last step whose
-- code was taken; none is taken twice. `factor_recovery`: keyed hashes of the recovery codes that are left, 32 bytes each.
CREATE TABLE IF NOT EXISTS account_security (
    user_id BIGINT NOT NULL PRIMARY KEY,
    address_salt BINARY(32) NULL,
    suspended_reason VARCHAR(200) NULL,
    suspended_until DATETIME(6) NULL,
    factor_secret VARBINARY(200) NULL,
    factor_confirmed_at DATETIME(6) NULL,
    factor_last_step BIGINT NOT NULL DEFAULT 0,
    factor_recovery VARBINARY(400) NULL,
    CONSTRAINT account_security_user_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
