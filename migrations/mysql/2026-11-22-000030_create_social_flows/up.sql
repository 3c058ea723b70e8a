-- Ways to a provider and back that are under way. The state of the address is found by its keyed hash; PKCE's verifier and
-- the nonce stand nowhere: they are computed from the state. A row is good once, for ten minutes, in one browser.
CREATE TABLE IF NOT EXISTS social_flows (
    state_hash BINARY(32) NOT NULL PRIMARY KEY,
    provider VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    purpose VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    browser_hash BINARY(32) NOT NULL,
    return_to VARCHAR(300) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    KEY social_flows_expires (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
