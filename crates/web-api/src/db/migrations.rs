//! The schema, embedded into the binary.

use std::time::Duration;

use diesel::sql_types::{BigInt, Nullable};
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Db, DbError, Pool};

const MYSQL: EmbeddedMigrations = embed_migrations!("../../migrations/mysql");
const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

/// A change of a large table may take long; requests never wait for it.
const LIMIT: Duration = Duration::from_secs(60 * 60);

/// Waiting for another instance that migrates, in seconds.
const LOCK_WAIT_SECONDS: u32 = 60;

#[derive(QueryableByName)]
struct Got {
    #[diesel(sql_type = Nullable<BigInt>)]
    got: Option<i64>,
}

impl Pool {
    /// Brings the schema up to date; gives the names of the migrations that ran. Instances that start
    /// at once wait for each other.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] where the database can't be reached, [`DbError::Busy`] where another
    /// instance migrates for longer than a minute, [`DbError::Internal`] where a migration fails.
    pub async fn migrate(&self) -> Result<Vec<String>, DbError> {
        self.run_within(LIMIT, |db| exclusively(db, run_pending))
            .await
    }

    /// Reverts the newest `count` migrations, newest first; gives their names.
    ///
    /// # Errors
    /// As [`Pool::migrate`].
    pub async fn revert_migrations(&self, count: usize) -> Result<Vec<String>, DbError> {
        self.run_within(LIMIT, move |db| exclusively(db, |db| revert(db, count)))
            .await
    }
}

/// On MySQL a named lock of the session (DDL ends transactions); on SQLite one transaction around all.
fn exclusively<T>(db: &mut Db, work: impl Fn(&mut Db) -> Result<T, DbError>) -> Result<T, DbError> {
    if matches!(db, Db::Sqlite(_)) {
        return db.write_tx(|db| work(db));
    }
    let Db::Mysql(connection) = db else {
        return work(db);
    };
    let lock = format!(
        "SELECT GET_LOCK(CONCAT('migrate:', SHA1(DATABASE())), {LOCK_WAIT_SECONDS}) AS got"
    );
    let got: Got = sql_query(lock).get_result(&mut **connection)?;
    if got.got != Some(1) {
        return Err(DbError::Busy(
            "another instance has been migrating for a minute".into(),
        ));
    }
    let result = work(db);
    if let Db::Mysql(connection) = db {
        let released: Result<Got, _> =
            sql_query("SELECT RELEASE_LOCK(CONCAT('migrate:', SHA1(DATABASE()))) AS got")
                .get_result(&mut **connection);
        if let Err(cause) = released {
            tracing::warn!(%cause, "the lock of the migrations ends with its session");
        }
    }
    result
}

fn run_pending(db: &mut Db) -> Result<Vec<String>, DbError> {
    let versions = match db {
        Db::Mysql(connection) => connection
            .run_pending_migrations(MYSQL)
            .map(|ran| names(&ran)),
        Db::Sqlite(connection) => connection
            .run_pending_migrations(SQLITE)
            .map(|ran| names(&ran)),
    };
    versions.map_err(DbError::Internal)
}

fn names(versions: &[diesel::migration::MigrationVersion<'_>]) -> Vec<String> {
    versions.iter().map(ToString::to_string).collect()
}

fn revert(db: &mut Db, count: usize) -> Result<Vec<String>, DbError> {
    let mut reverted = Vec::new();
    for _ in 0..count {
        let version = match db {
            Db::Mysql(connection) => connection.revert_last_migration(MYSQL),
            Db::Sqlite(connection) => connection.revert_last_migration(SQLITE),
        };
        reverted.push(version.map_err(DbError::Internal)?.to_string());
    }
    Ok(reverted)
}
