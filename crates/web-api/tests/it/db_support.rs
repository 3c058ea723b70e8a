//! A database for one test, of either kind, gone with the test also where it fails.

use diesel::prelude::*;
use web_api::db::{DatabaseSettings, DatabaseUrl, Db, Pool};

/// Counters of rows that are read by an index or without, for [`session_sum`].
pub(crate) const ROWS_READ: &str = "Handler_read%";

/// Owns what has to be deleted afterwards.
pub(crate) struct TestDb {
    pub(crate) url: DatabaseUrl,
    pub(crate) url_text: String,
    pub(crate) mysql: Option<test_kit::TestDatabase>,
    _folder: Option<tempfile::TempDir>,
}

impl TestDb {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url_text = format!("sqlite://{}", folder.path().join("deep/web.db").display());
        Self {
            url: url_text.parse().unwrap(),
            url_text,
            mysql: None,
            _folder: Some(folder),
        }
    }

    /// `None` where no server is named; the reason is printed.
    pub(crate) fn mysql() -> Option<Self> {
        let database = test_kit::TestDatabase::from_env()?;
        let url_text = database.url();
        Some(Self {
            url: url_text.parse().unwrap(),
            url_text,
            mysql: Some(database),
            _folder: None,
        })
    }

    /// A database on a server of the test's own, which it may kill.
    pub(crate) fn on_server(server: &test_kit::MariaDb) -> Self {
        let database = test_kit::TestDatabase::on(&server.url()).unwrap();
        let url_text = database.url();
        Self {
            url: url_text.parse().unwrap(),
            url_text,
            mysql: Some(database),
            _folder: None,
        }
    }

    /// How many rows of a table there are, with a condition.
    pub(crate) fn count(&self, rows: &str) -> u64 {
        let count = self.console(&format!(
            "SELECT CAST(COUNT(*) AS CHAR(20)) AS cell FROM {rows}"
        ));
        count.trim().parse().unwrap()
    }

    /// A pool on it, nothing migrated.
    pub(crate) fn pool(&self) -> Pool {
        Pool::new(&DatabaseSettings {
            url: self.url.clone(),
            pool_size: 4,
        })
    }

    /// A pool on it, migrated.
    pub(crate) async fn migrated(&self) -> Pool {
        let pool = self.pool();
        pool.migrate().await.unwrap();
        pool
    }

    /// Runs a query beside the pool, as a person at the console would.
    pub(crate) fn console(&self, sql: &str) -> String {
        match &self.mysql {
            // A server that runs beside it may have the rows in the other order: who loses tries again.
            Some(database) => (0..5)
                .map(|_| database.run(sql))
                .find(|done| !matches!(done, Err(error) if format!("{error:#}").contains("ERROR 1213")))
                .unwrap()
                .unwrap(),
            None => {
                use diesel::connection::SimpleConnection as _;
                use diesel::prelude::*;
                let path = self.url_text.strip_prefix("sqlite://").unwrap();
                let mut connection = SqliteConnection::establish(path).unwrap();
                connection
                    .batch_execute("PRAGMA busy_timeout = 5000")
                    .unwrap();
                if sql.trim_start().to_ascii_uppercase().starts_with("SELECT") {
                    #[derive(QueryableByName)]
                    struct Cell {
                        #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Text>)]
                        cell: Option<String>,
                    }
                    let rows: Vec<Cell> = diesel::sql_query(sql).load(&mut connection).unwrap();
                    let cells: Vec<String> = rows
                        .into_iter()
                        .map(|row| row.cell.unwrap_or_default())
                        .collect();
                    cells.join("\n")
                } else {
                    connection.batch_execute(sql).unwrap();
                    String::new()
                }
            }
        }
    }
}

#[derive(QueryableByName)]
struct Status {
    #[diesel(sql_type = diesel::sql_types::Text, column_name = "Value")]
    value: String,
}

/// The sum of a MySQL session's counters of these names so far; 0 on SQLite.
pub(crate) fn session_sum(db: &mut Db, names: &str) -> i64 {
    let Db::Mysql(connection) = db else {
        return 0;
    };
    let query = diesel::sql_query(format!("SHOW SESSION STATUS LIKE '{names}'"));
    let counters: Vec<Status> = query.load(&mut **connection).unwrap();
    counters
        .iter()
        .map(|counter| counter.value.parse::<i64>().unwrap())
        .sum()
}

/// The same test on both databases: `on_both!(name, |db| async { … })`.
macro_rules! on_both {
    ($name:ident, $test:expr) => {
        mod $name {
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let db = crate::db_support::TestDb::sqlite();
                let test: fn(std::sync::Arc<crate::db_support::TestDb>) -> _ = $test;
                test(std::sync::Arc::new(db)).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn mysql() {
                if let Some(db) = crate::db_support::TestDb::mysql() {
                    let test: fn(std::sync::Arc<crate::db_support::TestDb>) -> _ = $test;
                    test(std::sync::Arc::new(db)).await;
                }
            }
        }
    };
}
pub(crate) use on_both;
