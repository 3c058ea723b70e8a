//! The embedded store: one SQLite file.

mod conversations;
mod engine;
mod records;
mod schema;
mod writer;

use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::prelude::*;
use diesel::sqlite::{Sqlite, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::error::StoreError;
use super::model::Rules;
use crate::settings::SqliteFile;

use schema::store_format;
use writer::Writer;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Form of the data that this program reads and writes (`store_format.version`).
const FORMAT: i32 = 2;

/// Connections that read beside the one that writes (WAL).
const CONNECTIONS: u32 = 4;

/// Time limit of getting a connection.
const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(2);

/// Time limit of a question, with its wait.
const READ: Duration = Duration::from_secs(5);

/// Time limit of a ping.
const PING: Duration = Duration::from_secs(4);

/// `synchronous=FULL`: an acknowledged message survives a power cut. `busy_timeout` is shorter
/// than a ping's limit, so that a locked file is reported as what it is.
const SET_UP: &str = "PRAGMA busy_timeout = 3000; PRAGMA journal_mode = WAL; \
                      PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";

#[derive(Debug, Clone)]
pub(crate) struct SqliteStore {
    path: PathBuf,
    pool: r2d2::Pool<Manager>,
    writer: Writer,
    rules: Rules,
}

/// Makes connections with the right set-up.
#[derive(Debug)]
pub(crate) struct Manager {
    path: PathBuf,
}

impl r2d2::ManageConnection for Manager {
    type Connection = SqliteConnection;
    type Error = ConnectionError;

    fn connect(&self) -> Result<SqliteConnection, ConnectionError> {
        let mut connection = SqliteConnection::establish(&self.path.to_string_lossy())?;
        connection
            .batch_execute(SET_UP)
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(connection)
    }

    fn is_valid(&self, _connection: &mut SqliteConnection) -> Result<(), ConnectionError> {
        // A connection to a file doesn't break; a failed query says what is wrong by itself.
        Ok(())
    }

    fn has_broken(&self, _connection: &mut SqliteConnection) -> bool {
        std::thread::panicking()
    }
}

impl SqliteStore {
    /// Opens the file, which is made where it isn't there, and brings it to the present form.
    pub(super) async fn open(file: &SqliteFile, rules: Rules) -> Result<Self, StoreError> {
        let path = file.path().to_owned();
        blocking(move || {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).map_err(|error| StoreError::Open(error.into()))?;
            }
            let manager = Manager { path: path.clone() };
            let mut connection = r2d2::ManageConnection::connect(&manager)
                .map_err(|error| StoreError::Open(error.into()))?;
            migrate(&mut connection)?;
            let pool = r2d2::Pool::builder()
                .max_size(CONNECTIONS)
                .min_idle(Some(1))
                .connection_timeout(WAIT_FOR_CONNECTION)
                .error_handler(Box::new(LogPoolError))
                .build(manager)
                .map_err(|error| StoreError::Open(error.into()))?;
            check(&mut connection)?;
            let writer = Writer::start(path.clone(), connection)?;
            Ok(Self {
                path,
                pool,
                writer,
                rules,
            })
        })
        .await
    }

    /// A sign of life of the one who writes: nobody else could tell whether writing works.
    pub(super) async fn ping(&self) -> Result<(), StoreError> {
        if !is_file(&self.path) {
            return Err(StoreError::Gone);
        }
        tokio::time::timeout(PING, self.writer.run(check))
            .await
            .unwrap_or(Err(StoreError::TimedOut))
    }

    /// Asks something, beside the one who writes.
    async fn read<T, F>(&self, question: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut SqliteConnection) -> Result<T, StoreError> + Send + 'static,
    {
        let pool = self.pool.clone();
        let answer = blocking(move || {
            let mut connection = pool
                .get()
                .map_err(|error| StoreError::NoAnswer(error.into()))?;
            question(&mut connection)
        });
        tokio::time::timeout(READ, answer)
            .await
            .unwrap_or(Err(StoreError::TimedOut))
    }
}

fn migrate(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    refuse_newer(connection)?;
    let applied = connection
        .run_pending_migrations(MIGRATIONS)
        .map_err(StoreError::Open)?
        .len();
    if applied > 0 {
        tracing::info!(applied, "the embedded store was brought up to date");
    }
    Ok(())
}

/// Writes a page as it is: this fails on a full disk, on one that can only be read, on a
/// locked file, on a file that isn't a database any more. The lock alone shows only some of it.
fn check(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    use store_format::{table, version};
    let found: i32 = connection.transaction(|db| {
        // There and back: SQLite writes nothing where the value is the same.
        diesel::update(table)
            .set(version.eq(version + 1))
            .execute(db)?;
        diesel::update(table)
            .set(version.eq(version - 1))
            .execute(db)?;
        table.select(version).first(db).map_err(StoreError::from)
    })?;
    newest(found)
}

const fn newest(found: i32) -> Result<(), StoreError> {
    if found > FORMAT {
        Err(StoreError::Newer {
            found,
            known: FORMAT,
        })
    } else {
        Ok(())
    }
}

/// An older program must not write into a file whose form it doesn't know.
fn refuse_newer(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let applied = connection.applied_migrations().map_err(StoreError::Open)?;
    let known = MigrationSource::<Sqlite>::migrations(&MIGRATIONS).map_err(StoreError::Open)?;
    let unknown = applied
        .iter()
        .filter(|version| !known.iter().any(|one| one.name().version() == **version))
        .count();
    if unknown == 0 {
        return Ok(());
    }
    let found = FORMAT.saturating_add(i32::try_from(unknown).unwrap_or(i32::MAX));
    Err(StoreError::Newer {
        found,
        known: FORMAT,
    })
}

fn is_file(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|file| file.is_file())
}

/// Diesel blocks: it never runs on an async thread.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(StoreError::NoAnswer(error.into())))
}

/// The pool tries again by itself; its default handler needs another logging library.
#[derive(Debug)]
struct LogPoolError;

impl r2d2::HandleError<ConnectionError> for LogPoolError {
    fn handle_error(&self, error: ConnectionError) {
        tracing::debug!(%error, "a connection to the embedded store failed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(folder: &tempfile::TempDir) -> SqliteFile {
        let path = folder.path().join("new/chat.db");
        format!("sqlite://{}", path.display())
            .parse()
            .expect("a path")
    }

    #[tokio::test]
    async fn makes_the_file_opens_it_again_and_reports_its_loss() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = file(&folder);
        for _ in 0..2 {
            SqliteStore::open(&file, Rules::default())
                .await
                .expect("opens")
                .ping()
                .await
                .expect("answers");
        }
        let store = SqliteStore::open(&file, Rules::default())
            .await
            .expect("opens");
        std::fs::remove_file(file.path()).expect("removed");
        assert!(matches!(store.ping().await, Err(StoreError::Gone)));
    }

    #[tokio::test]
    async fn refuses_a_file_of_a_newer_program() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = file(&folder);
        let store = SqliteStore::open(&file, Rules::default())
            .await
            .expect("opens");
        let mut connection = store.pool.get().expect("a connection");
        connection
            .batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101')")
            .expect("inserted");
        drop(connection);
        assert!(matches!(
            SqliteStore::open(&file, Rules::default()).await,
            Err(StoreError::Newer { .. })
        ));
    }

    #[tokio::test]
    async fn migrations_go_down_and_up_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = SqliteStore::open(&file(&folder), Rules::default())
            .await
            .expect("opens");
        let mut connection = store.pool.get().expect("a connection");
        connection.revert_all_migrations(MIGRATIONS).expect("down");
        assert!(
            store_format::table
                .count()
                .get_result::<i64>(&mut *connection)
                .is_err()
        );
        connection.run_pending_migrations(MIGRATIONS).expect("up");
        drop(connection);
        store.ping().await.expect("answers");
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = file(&folder);
        std::fs::create_dir_all(file.path().parent().expect("a folder")).expect("made");
        std::fs::write(
            file.path(),
            "certainly no database, but long enough ".repeat(200),
        )
        .expect("written");
        assert!(matches!(
            SqliteStore::open(&file, Rules::default()).await,
            Err(StoreError::Open(_))
        ));
    }
}
