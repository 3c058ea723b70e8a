//! `web-api migrate`: brings the schema up to date, or takes back the newest migrations.

use crate::db::{DatabaseSettings, DbError, Pool};

/// Runs what is pending; with `undo`, reverts that many instead. Names are logged.
///
/// # Errors
/// As [`Pool::migrate`].
pub async fn run(database: &DatabaseSettings, undo: Option<usize>) -> Result<(), DbError> {
    let pool = Pool::new(database);
    let (done, names) = match undo {
        None => ("applied", pool.migrate().await?),
        Some(count) => ("reverted", pool.revert_migrations(count).await?),
    };
    for name in &names {
        tracing::info!(%name, "migration {done}");
    }
    tracing::info!(count = names.len(), url = %pool.url(), "migrations {done}");
    Ok(())
}
