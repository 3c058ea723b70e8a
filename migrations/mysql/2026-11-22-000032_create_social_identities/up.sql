-- Who a member is to a provider: found by a keyed hash, sealed for the day when the provider has to be told that it is
-- over. `token_sealed` is what Google and Naver ask for then. `unlinked_at`: the provider said that it is over and the
-- member has no other way in; nothing of it is left but what recognises him when he comes back that way.
CREATE TABLE IF NOT EXISTS social_identities (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    provider VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    subject_index BINARY(32) NOT NULL,
    subject_sealed VARBINARY(320) NULL,
    token_sealed VARBINARY(2200) NULL,
    linked_at DATETIME(6) NOT NULL,
    unlinked_at DATETIME(6) NULL,
    UNIQUE KEY social_identities_subject (provider, subject_index),
    UNIQUE KEY social_identities_user (user_id, provider),
    CONSTRAINT social_identities_user_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
