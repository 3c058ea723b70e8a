//! One connection to either database.

use std::cell::Cell;
use std::future::Future;
use std::sync::LazyLock;
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, RunQueryDsl as _, SqliteConnection};
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn};
use diesel_async::{AsyncMysqlConnection, SimpleAsyncConnection as _};
use tokio::runtime::Runtime;
use tokio::time::timeout;

use super::url::{Kind, expose};
use super::{DatabaseUrl, DbError};

/// Establishing a connection, session included.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Asking an idle connection whether it lives.
const PING_TIMEOUT: Duration = Duration::from_secs(2);

/// MySQL I/O lives on a runtime of its own, so that it depends neither on actix workers nor on the
/// runtime that a test happens to have.
#[expect(
    clippy::expect_used,
    reason = "without a thread for its I/O the process can't do anything useful"
)]
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("mysql-io")
        .enable_all()
        .build()
        .expect("the runtime of MySQL's I/O starts")
});

thread_local! {
    /// How long one statement of the closure that runs on this thread may take.
    static STATEMENT_LIMIT: Cell<Duration> = const { Cell::new(Duration::from_secs(15)) };
}

/// What a statement that overran its limit unwinds with; [`super::Pool::run`] catches it.
///
/// The driver has no read time-out, and the future's output can't express one. Unwinding leaves the
/// connection marked bad, so that it is dropped and never reused.
pub(super) struct StatementTimeout(pub(super) Duration);

pub(super) fn set_statement_limit(limit: Duration) {
    STATEMENT_LIMIT.set(limit);
}

/// Waits for MySQL's I/O on the calling (blocking) thread.
pub struct Rt(());

impl BlockOn for Rt {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        let limit = STATEMENT_LIMIT.get();
        match RUNTIME.block_on(async { timeout(limit, future).await }) {
            Ok(output) => output,
            Err(_) => std::panic::resume_unwind(Box::new(StatementTimeout(limit))),
        }
    }

    fn get_runtime() -> Self {
        Self(())
    }
}

/// Diesel's synchronous view of the pure-Rust MySQL driver.
pub type Mysql = AsyncConnectionWrapper<AsyncMysqlConnection, Rt>;

/// A connection. The variants stay visible so that [`on!`] can compile a Diesel expression for each.
pub enum Db {
    /// MySQL 8 or MariaDB.
    Mysql(Box<Mysql>),
    /// The embedded database.
    Sqlite(Box<SqliteConnection>),
}

/// Compiles one Diesel expression for both databases: `on!(db, c => table.load(c))`.
macro_rules! on {
    ($db:expr, $c:ident => $expression:expr) => {
        match $db {
            $crate::db::Db::Mysql(connection) => {
                let $c = &mut **connection;
                $expression
            }
            $crate::db::Db::Sqlite(connection) => {
                let $c = &mut **connection;
                $expression
            }
        }
    };
}
pub(crate) use on;

/// What SQLite says of a checkpoint.
#[derive(diesel::QueryableByName)]
struct Checkpoint {
    /// Whether others kept it from being complete.
    #[diesel(sql_type = diesel::sql_types::Integer)]
    busy: i32,
}

/// `wait_timeout` in seconds: a machine that lost its power in a transaction closes no connection, and the
/// server would keep that transaction's row locks, the lease's among them, for eight hours. Idle
/// connections that end by it are found by [`Db::ping`].
const MYSQL_SESSION: &str = "SET SESSION wait_timeout = 60, \
    sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00'";

/// `busy_timeout` first: changing to WAL needs a lock that another process may hold.
/// `secure_delete`: what is deleted is overwritten, so that the file holds nothing of who withdrew.
const SQLITE_SESSION: [&str; 5] = [
    "PRAGMA busy_timeout = 5000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
];

impl Db {
    /// Connects and sets the session up. Call it on a blocking thread.
    pub(super) fn connect(url: &DatabaseUrl) -> Result<Self, DbError> {
        match url.kind() {
            Kind::Sqlite(path) => {
                if let Some(folder) = path
                    .parent()
                    .filter(|folder| !folder.as_os_str().is_empty())
                {
                    std::fs::create_dir_all(folder).map_err(DbError::unavailable)?;
                }
                let mut connection = SqliteConnection::establish(&path.to_string_lossy())?;
                for statement in SQLITE_SESSION {
                    connection.batch_execute(statement)?;
                }
                Ok(Self::Sqlite(Box::new(connection)))
            }
            Kind::Mysql { whole, .. } => {
                let connecting = async {
                    let options =
                        mysql_async::Opts::from_url(expose(whole)).map_err(DbError::data)?;
                    let options = mysql_async::OptsBuilder::from_opts(options)
                        .stmt_cache_size(0)
                        .client_found_rows(true)
                        .tcp_keepalive(Some(30_000_u32));
                    let connection = mysql_async::Conn::new(options)
                        .await
                        .map_err(DbError::unavailable)?;
                    let mut connection = AsyncMysqlConnection::try_from(connection).await?;
                    connection.batch_execute(MYSQL_SESSION).await?;
                    Ok::<_, DbError>(connection)
                };
                let connection = RUNTIME
                    .block_on(async { timeout(CONNECT_TIMEOUT, connecting).await })
                    .map_err(DbError::unavailable)??;
                Ok(Self::Mysql(Box::new(Mysql::from(connection))))
            }
        }
    }

    /// Empties what the file keeps besides the present state: the log of SQLite's last changes, in which
    /// deleted rows can still be read. Others may be reading from it: then some of it stays for the
    /// next time, and this says `false`. Never inside a transaction. A server keeps its own logs, by
    /// its own settings.
    ///
    /// # Errors
    /// Database errors.
    pub fn shred(&mut self) -> Result<bool, DbError> {
        match self {
            Self::Sqlite(connection) => {
                let done = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)")
                    .get_result::<Checkpoint>(&mut **connection)?;
                Ok(done.busy == 0)
            }
            Self::Mysql(_) => Ok(true),
        }
    }

    /// Whether the server still answers on this connection. SQLite always does.
    pub(super) fn ping(&mut self) -> Result<(), DbError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Mysql(connection) => {
                let inner: &mut AsyncMysqlConnection = connection;
                RUNTIME
                    .block_on(async {
                        timeout(PING_TIMEOUT, inner.batch_execute("SELECT 1")).await
                    })
                    .map_err(DbError::unavailable)?
                    .map_err(DbError::from)
            }
        }
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Mysql(_) => "Db::Mysql",
            Self::Sqlite(_) => "Db::Sqlite",
        })
    }
}
