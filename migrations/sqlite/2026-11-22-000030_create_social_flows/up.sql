-- Ways to a provider and back that are under way. The state of the address is found by its keyed hash; PKCE's verifier and
-- the nonce stand nowhere: they are computed from the state. A row is good once, for ten minutes, in one browser.
CREATE TABLE IF NOT EXISTS social_flows (
    state_hash BLOB NOT NULL PRIMARY KEY,
    provider TEXT NOT NULL,
    purpose TEXT NOT NULL,
    browser_hash BLOB NOT NULL,
    return_to TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX IF NOT EXISTS social_flows_expires ON social_flows (expires_at);
