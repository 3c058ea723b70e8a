//! Connections, and the blocking threads that use them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use super::connection::{StatementTimeout, set_statement_limit};
use super::{DatabaseSettings, DatabaseUrl, Db, DbError, chain};
use crate::origin::Origin;

/// One statement of a request, at most.
const STATEMENT_LIMIT: Duration = Duration::from_secs(15);
/// Waiting for a free connection, at most.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// A connection that was idle for longer is asked whether it lives before it is used.
const PING_AFTER: Duration = Duration::from_secs(30);
/// r2d2 retries a failed connect in the background at least this often, which is the time that
/// recovery takes after the database is back.
const RECONNECT_WITHIN: Duration = Duration::from_secs(2);

/// Connections to one database; clones share them.
#[derive(Clone)]
pub struct Pool {
    connections: r2d2::Pool<Manager>,
    permits: Arc<Semaphore>,
    outage: Arc<Outage>,
    url: DatabaseUrl,
}

/// How full a pool is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolState {
    /// Open connections.
    pub open: u32,
    /// Open connections that nobody uses.
    pub idle: u32,
}

impl Pool {
    /// A pool that connects when it is first used, so that a server starts while its database is down.
    #[must_use]
    pub fn new(settings: &DatabaseSettings) -> Self {
        let outage = Arc::new(Outage::default());
        let manager = Manager {
            url: settings.url.clone(),
            outage: Arc::clone(&outage),
        };
        let size = settings.pool_size.max(1);
        let connections = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(0))
            .test_on_check_out(true)
            .connection_timeout(RECONNECT_WITHIN * 2)
            .max_lifetime(Some(Duration::from_secs(30 * 60)))
            .idle_timeout(Some(Duration::from_secs(5 * 60)))
            .error_handler(Box::new(Quiet))
            .build_unchecked(manager);
        let permits = Arc::new(Semaphore::new(usize::try_from(size).unwrap_or(1)));
        Self {
            connections,
            permits,
            outage,
            url: settings.url.clone(),
        }
    }

    /// Runs `work` with a connection on a blocking thread. Each statement may take 15 s.
    ///
    /// # Errors
    /// What `work` gives; [`DbError::Unavailable`] where the database can't be reached or a statement
    /// takes too long; [`DbError::Busy`] where no connection became free within 5 s.
    pub async fn run<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Db) -> Result<T, DbError> + Send + 'static,
    {
        self.run_within(STATEMENT_LIMIT, work).await
    }

    /// Like [`Pool::run`] with another limit for each statement (migrations, clean-up).
    ///
    /// # Errors
    /// As [`Pool::run`].
    pub async fn run_within<T, F>(&self, statement_limit: Duration, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Db) -> Result<T, DbError> + Send + 'static,
    {
        let permit =
            tokio::time::timeout(ACQUIRE_TIMEOUT, Arc::clone(&self.permits).acquire_owned())
                .await
                .map_err(|elapsed| DbError::Busy(Box::new(elapsed)))?
                .map_err(DbError::data)?;
        let pool = self.clone();
        let origin = Origin::current();
        let task = tokio::task::spawn_blocking(move || {
            let result = Origin::carried(origin, || pool.checked_out(statement_limit, work));
            // Given back here and not by the future, which a client may abort: a permit stands for a
            // connection that is free.
            drop(permit);
            result
        });
        match task.await {
            Ok(result) => result,
            Err(failed) => Err(from_unwinding(failed)),
        }
    }

    fn checked_out<T>(
        &self,
        statement_limit: Duration,
        work: impl FnOnce(&mut Db) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        let mut connection = match self.connections.try_get() {
            Some(connection) => connection,
            None => {
                // Nobody waits for a database that is known to be down: r2d2 reconnects by itself.
                if let Some(cause) = self.outage.current() {
                    return Err(DbError::unavailable(cause));
                }
                self.connections.get().map_err(DbError::unavailable)?
            }
        };
        set_statement_limit(statement_limit);
        // Bad until proven good: whatever unwinds from here leaves a connection that isn't reused.
        connection.suspect = true;
        let result = work(&mut connection.db);
        let doubted = match &result {
            Ok(_) => false,
            Err(error) => error.doubts_connection(),
        };
        connection.suspect = doubted || connection.db.in_doubt();
        connection.used_at = Instant::now();
        result
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// As [`Pool::run`].
    pub async fn ping(&self) -> Result<(), DbError> {
        self.run_within(Duration::from_secs(2), Db::ping).await
    }

    /// Where the database is; prints no secret.
    #[must_use]
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// How full it is.
    #[must_use]
    pub fn state(&self) -> PoolState {
        let state = self.connections.state();
        PoolState {
            open: state.connections,
            idle: state.idle_connections,
        }
    }
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool")
            .field("url", &self.url)
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}

fn from_unwinding(failed: tokio::task::JoinError) -> DbError {
    if !failed.is_panic() {
        return DbError::Unavailable(Box::new(failed));
    }
    match failed.into_panic().downcast::<StatementTimeout>() {
        Ok(overrun) => DbError::unavailable(format!(
            "a statement took longer than {} s",
            overrun.0.as_secs()
        )),
        // A panic of ours stays one: the panic hook logged it, the server answers 500.
        Err(payload) => std::panic::resume_unwind(payload),
    }
}

/// The last failure to connect, until a connect succeeds.
#[derive(Default)]
struct Outage(Mutex<Option<String>>);

impl Outage {
    fn set(&self, cause: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = cause;
    }

    fn current(&self) -> Option<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

struct Pooled {
    db: Db,
    suspect: bool,
    used_at: Instant,
}

struct Manager {
    url: DatabaseUrl,
    outage: Arc<Outage>,
}

impl r2d2::ManageConnection for Manager {
    type Connection = Pooled;
    type Error = DbError;

    fn connect(&self) -> Result<Pooled, DbError> {
        let connected = Db::connect(&self.url);
        self.outage.set(connected.as_ref().err().map(chain));
        Ok(Pooled {
            db: connected?,
            suspect: false,
            used_at: Instant::now(),
        })
    }

    fn is_valid(&self, connection: &mut Pooled) -> Result<(), DbError> {
        if connection.used_at.elapsed() < PING_AFTER {
            return Ok(());
        }
        connection.db.ping()
    }

    fn has_broken(&self, connection: &mut Pooled) -> bool {
        connection.suspect
    }
}

/// r2d2 would log every attempt of an outage as an error; who needs a connection reports it once.
#[derive(Debug)]
struct Quiet;

impl r2d2::HandleError<DbError> for Quiet {
    fn handle_error(&self, error: DbError) {
        tracing::debug!(cause = %chain(&error), "no connection to the database yet");
    }
}
