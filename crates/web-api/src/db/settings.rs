//! Which database, and how many connections.

use super::DatabaseUrl;

/// Settings of the data layer.
#[derive(Debug, Clone)]
pub struct DatabaseSettings {
    /// Where the database is (`DATABASE_URL`).
    pub url: DatabaseUrl,
    /// Connections at most (`DATABASE_POOL_SIZE`).
    pub pool_size: u32,
}
