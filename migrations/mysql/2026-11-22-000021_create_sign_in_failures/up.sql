-- Passwords that were wrong in the last quarter of an hour, by keyed hashes of the name that was typed and of the address.
-- `forgiven` are those of an address that has signed in on that account since.
CREATE TABLE IF NOT EXISTS sign_in_failures (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    account_index BINARY(32) NOT NULL,
    address_index BINARY(32) NOT NULL,
    failed_at DATETIME(6) NOT NULL,
    forgiven BOOLEAN NOT NULL,
    KEY sign_in_failures_account (account_index, failed_at),
    KEY sign_in_failures_address (address_index, failed_at),
    KEY sign_in_failures_time (failed_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
