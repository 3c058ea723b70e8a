//! Transactions over either database.

use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, Connection, TransactionManager};

use super::{Db, DbError, on};

/// How often a transaction that lost against others is run, at most. A hundred who want one row at
/// once lose often: with five attempts some of them were told that the service is down.
const ATTEMPTS: u32 = 12;

/// How much longer the pauses between them become, at most.
const LONGEST: u32 = 6;

impl Db {
    /// Runs `work` in a transaction that may write; again where it lost against another one.
    ///
    /// On SQLite it takes the write lock at once (`IMMEDIATE`): a reader that turns writer fails
    /// without waiting. `work` may run several times, so it changes nothing but the database.
    /// Never nested.
    ///
    /// # Errors
    /// What `work` gives; [`DbError::Busy`] where it lost each time.
    pub fn write_tx<T>(
        &mut self,
        mut work: impl FnMut(&mut Self) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        let mut attempt = 1;
        loop {
            match self.once(&mut work) {
                Err(DbError::Busy(cause)) if attempt < ATTEMPTS => {
                    tracing::debug!(attempt, cause = %cause, "a transaction lost against another; again");
                    let pause = rand::random_range(5..25) * u64::from(attempt.min(LONGEST));
                    std::thread::sleep(Duration::from_millis(pause));
                    attempt += 1;
                }
                other => return other,
            }
        }
    }

    fn once<T>(
        &mut self,
        work: &mut impl FnMut(&mut Self) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        match self {
            Self::Sqlite(connection) => {
                AnsiTransactionManager::begin_transaction_sql(
                    &mut **connection,
                    "BEGIN IMMEDIATE",
                )?;
            }
            Self::Mysql(connection) => begin(&mut **connection)?,
        }
        match work(self) {
            Ok(value) => {
                on!(self, c => commit(c))?;
                Ok(value)
            }
            Err(error) => {
                // The cause matters more than the rollback; a connection that can't roll back is
                // recognised as broken by the pool.
                if let Err(rollback) = on!(self, c => rollback(c)) {
                    tracing::debug!(cause = %rollback, "a rollback failed as well");
                }
                Err(error)
            }
        }
    }

    /// Whether a transaction was left open or broken.
    pub(super) fn in_doubt(&mut self) -> bool {
        on!(self, c => in_doubt(c))
    }
}

fn begin<C: Connection>(connection: &mut C) -> Result<(), DbError> {
    Ok(C::TransactionManager::begin_transaction(connection)?)
}

fn commit<C: Connection>(connection: &mut C) -> Result<(), DbError> {
    let result = C::TransactionManager::commit_transaction(connection);
    if result.is_err()
        && let Err(rollback) = C::TransactionManager::rollback_transaction(connection)
    {
        tracing::debug!(cause = %rollback, "a rollback after a failed commit failed as well");
    }
    Ok(result?)
}

fn rollback<C: Connection>(connection: &mut C) -> Result<(), DbError> {
    Ok(C::TransactionManager::rollback_transaction(connection)?)
}

fn in_doubt<C: Connection>(connection: &mut C) -> bool {
    !matches!(
        C::TransactionManager::transaction_manager_status_mut(connection).transaction_depth(),
        Ok(None)
    )
}
