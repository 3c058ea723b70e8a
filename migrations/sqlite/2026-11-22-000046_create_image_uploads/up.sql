-- Permissions to upload a picture, each good once. `claim` names the request that is working on it, until `claimed_until`:
-- one that died ends by itself.
CREATE TABLE IF NOT EXISTS image_uploads (
    id TEXT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    content_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    state TEXT NOT NULL,
    claim TEXT NULL,
    claimed_until TIMESTAMP NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX IF NOT EXISTS image_uploads_user ON image_uploads (user_id, created_at);
CREATE INDEX IF NOT EXISTS image_uploads_created ON image_uploads (created_at);
