-- What keeps an account safe, and what an admin did to it; one row a member who needs one, deleted when he withdraws.
-- `address_salt`: addresses in the audit are sealed with a key that is computed from it, so without it nobody reads them.
-- `factor_secret`: of TOTP, sealed; it counts once `factor_confirmed_at` is set. `factor_last_step`: the last step whose
-- code was taken; none is taken twice. `factor_recovery`: keyed hashes of the recovery codes that are left, 32 bytes each.
CREATE TABLE IF NOT EXISTS account_security (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    address_salt BLOB NULL,
    suspended_reason TEXT NULL,
    suspended_until TIMESTAMP NULL,
    factor_secret BLOB NULL,
    factor_confirmed_at TIMESTAMP NULL,
    factor_last_step BIGINT NOT NULL DEFAULT 0,
    factor_recovery BLOB NULL
);
