//! A database of one test's own on a server that many tests share.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::sql_client::ServerUrl;

/// The environment variable that names the MySQL-family server for tests: `mysql://root@127.0.0.1:PORT/`.
pub const SERVER: &str = "TEST_MYSQL_URL";

/// An empty `utf8mb4` database with a name nobody else has. `Drop` deletes it.
#[derive(Debug)]
pub struct TestDatabase {
    server: ServerUrl,
    name: String,
}

impl TestDatabase {
    /// Makes a database on the server that `TEST_MYSQL_URL` names.
    ///
    /// `None`, with the reason printed, where the variable is unset: the test returns early.
    ///
    /// # Panics
    /// Where `TEST_REQUIRE_SERVERS=1` forbids skipping, or the server refuses.
    #[must_use]
    #[expect(
        clippy::panic,
        reason = "a named server that refuses must fail the calling test"
    )]
    pub fn from_env() -> Option<Self> {
        let Ok(url) = std::env::var(SERVER) else {
            crate::skip_or_fail(
                "no MySQL server to test against: TEST_MYSQL_URL is unset (cargo xtask test sets it)",
            );
            return None;
        };
        match Self::on(&url) {
            Ok(database) => Some(database),
            Err(error) => panic!("can't make a test database: {error:#}"),
        }
    }

    /// Makes a database on the server of this URL, such as [`crate::MariaDb::url`].
    ///
    /// # Errors
    /// When the URL isn't one or the server refuses.
    pub fn on(server_url: &str) -> anyhow::Result<Self> {
        let server = ServerUrl::parse(server_url)?;
        let name = unique_name();
        server.run(
            None,
            &format!("CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"),
        )?;
        Ok(Self { server, name })
    }

    /// Its whole URL, as a server's `DATABASE_URL` takes it.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.database(&self.name)
    }

    /// Its name on the server.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs statements in it and returns what they print, tab-separated.
    ///
    /// # Errors
    /// When the server refuses a statement.
    pub fn run(&self, sql: &str) -> anyhow::Result<String> {
        self.server.run(Some(&self.name), sql)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // The server may be gone on purpose: a test has killed it.
        drop(
            self.server
                .run(None, &format!("DROP DATABASE IF EXISTS {}", self.name)),
        );
    }
}

fn unique_name() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    // Several machines or containers may share a server: their process ids repeat, their moments don't.
    let moment = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |now| now.as_micros());
    format!("test_{moment:x}_{}_{number}", std::process::id())
}
