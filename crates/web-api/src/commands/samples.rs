//! `web-api samples`: quotes and events to look at.

use chrono::Utc;

use crate::content::add_samples;
use crate::db::{DatabaseSettings, DbError, Pool};

/// Adds a few quotes and events where none are stored, after bringing the schema up to date.
///
/// # Errors
/// Database errors.
pub async fn run(database: &DatabaseSettings) -> Result<(), DbError> {
    let pool = Pool::new(database);
    pool.migrate().await?;
    if add_samples(&pool, Utc::now()).await? {
        tracing::info!("a few quotes and events were added");
    } else {
        tracing::info!("there are quotes or events already: nothing was added");
    }
    Ok(())
}
