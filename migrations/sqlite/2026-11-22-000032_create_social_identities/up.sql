-- Who a member is to a provider: found by a keyed hash, sealed for the day when the provider has to be told that it is
-- over. `token_sealed` is what Google and Naver ask for then. `unlinked_at`: the provider said that it is over and the
-- member has no other way in; nothing of it is left but what recognises him when he comes back that way.
CREATE TABLE IF NOT EXISTS social_identities (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider TEXT NOT NULL,
    subject_index BLOB NOT NULL,
    subject_sealed BLOB NULL,
    token_sealed BLOB NULL,
    linked_at TIMESTAMP NOT NULL,
    unlinked_at TIMESTAMP NULL,
    UNIQUE (provider, subject_index),
    UNIQUE (user_id, provider)
);
