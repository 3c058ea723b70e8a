//! What is measured: a loaded database with wishes, and servers on it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tempfile::TempDir;
use test_kit::server::Builder;
use test_kit::{MariaDb, Server, TestDatabase, free_port, http, process};

use super::super::processes::{BUFFER_POOL, Database, finish, simulator};
use super::mix::Product;
use crate::interrupt::Interrupt;

/// Above what 430,000 products take on a slow machine.
const SYNC_DEADLINE: Duration = Duration::from_secs(3_600);
const READY_DEADLINE: Duration = Duration::from_secs(120);
const REQUEST_LIMIT: Duration = Duration::from_secs(20);
const STOP_DEADLINE: Duration = Duration::from_secs(30);
const PROBE: &str = "/api/v1/medicines?pageSize=1";
const PROBE_EVERY: Duration = Duration::from_millis(2);
/// Products whose names the mixes are made of, at most: pages of a hundred.
const PAGES: usize = 430;
const PAGE: usize = 100;

/// Programs.
#[derive(Clone)]
pub(in crate::bench) struct Programs {
    /// With the bench's routes.
    pub(in crate::bench) web_api: PathBuf,
    /// Where the others are.
    pub(in crate::bench) folder: PathBuf,
}

/// A database, filled by the real synchronisation. What is declared first is dropped first.
pub(in crate::bench) struct Stand<'a> {
    database: Option<TestDatabase>,
    _mariadb: Option<MariaDb>,
    _simulator: Server,
    simulator_port: u16,
    folder: TempDir,
    programs: Programs,
    interrupt: &'a Interrupt,
    /// How long the synchronisation took.
    pub(in crate::bench) synchronised: Duration,
}

/// A server on it.
pub(in crate::bench) struct Serving {
    pub(in crate::bench) server: Server,
    pub(in crate::bench) port: u16,
    /// From its start until it was ready.
    pub(in crate::bench) start: Duration,
}

impl<'a> Stand<'a> {
    /// Loads so many products, whose ids come back sorted.
    pub(in crate::bench) fn new(
        programs: &Programs,
        kind: Database,
        (items, seed): (u32, u64),
        interrupt: &'a Interrupt,
    ) -> anyhow::Result<Self> {
        let mariadb = match kind {
            Database::Mariadb => Some(MariaDb::start_with(&[BUFFER_POOL])?),
            Database::Sqlite => None,
        };
        Self::on(mariadb, programs, (items, seed), interrupt)
    }

    /// The same on a MariaDB that has each commit on the disk before it answers: for measuring writes.
    pub(in crate::bench) fn durable(
        programs: &Programs,
        kind: Database,
        feed: (u32, u64),
        interrupt: &'a Interrupt,
    ) -> anyhow::Result<Self> {
        let mariadb = match kind {
            Database::Mariadb => Some(MariaDb::start_durable(&[BUFFER_POOL])?),
            Database::Sqlite => None,
        };
        Self::on(mariadb, programs, feed, interrupt)
    }

    fn on(
        mariadb: Option<MariaDb>,
        programs: &Programs,
        (items, seed): (u32, u64),
        interrupt: &'a Interrupt,
    ) -> anyhow::Result<Self> {
        let database = mariadb
            .as_ref()
            .map(|server| TestDatabase::on(&server.url()))
            .transpose()?;
        let (items, seed) = (items.to_string(), seed.to_string());
        let arguments = ["--items", &items, "--seed", &seed];
        let (simulator_port, simulator) = simulator(&programs.folder, &arguments)?;
        let mut stand = Self {
            database,
            _mariadb: mariadb,
            _simulator: simulator,
            simulator_port,
            folder: tempfile::tempdir()?,
            programs: programs.clone(),
            interrupt,
            synchronised: Duration::ZERO,
        };
        stand.synchronised = stand.synchronise()?;
        Ok(stand)
    }

    /// One synchronisation in a process of its own; how long it took.
    pub(in crate::bench) fn synchronise(&self) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        finish(
            self.web_api().arg("sync").spawn()?,
            SYNC_DEADLINE,
            self.interrupt,
        )?;
        Ok(begun.elapsed())
    }

    /// Changes what the feed says from now on.
    pub(in crate::bench) fn change_feed(&self, spec: &str) -> anyhow::Result<()> {
        let answer = http::put_json(
            self.simulator_port,
            "/_control/catalogue",
            spec,
            REQUEST_LIMIT,
        )?;
        if !answer.is_success() {
            bail!("the simulator answers {}: {}", answer.status, answer.body);
        }
        Ok(())
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("web.db")
    }

    /// Of the database, as `DATABASE_URL` takes it.
    pub(in crate::bench) fn url(&self) -> String {
        match &self.database {
            Some(database) => database.url(),
            None => format!("sqlite://{}", self.file().display()),
        }
    }

    fn web_api(&self) -> Builder {
        let url = self.url();
        let feed = format!("http://127.0.0.1:{}/1471000", self.simulator_port);
        Server::builder("web-api", &self.programs.web_api)
            .env("DATA_DIR", self.folder.path())
            .env("DATABASE_URL", url)
            .env("SYNC_SCHEDULE", "off")
            .env("MFDS_SERVICE_KEY", "sample-key")
            .env("MFDS_BASE_URL", feed)
    }

    /// Starts a server, and waits until it is ready.
    pub(in crate::bench) fn serve(&self, log_level: &str) -> anyhow::Result<Serving> {
        self.serve_with(log_level, &[])
    }

    /// The port of all stand-ins.
    pub(in crate::bench) fn stand_ins(&self) -> u16 {
        self.simulator_port
    }

    /// The same with further settings.
    pub(in crate::bench) fn serve_with(
        &self,
        log_level: &str,
        settings: &[(&str, String)],
    ) -> anyhow::Result<Serving> {
        let (port, ops_port) = (free_port()?, free_port()?);
        let builder = settings
            .iter()
            .fold(self.web_api(), |builder, (name, value)| {
                builder.env(name, value)
            })
            .arg("serve")
            .env("WEB_PORT", port.to_string())
            .env("WEB_OPS_PORT", ops_port.to_string())
            .env("HTTP_BODY_LIMIT_BYTES", (4 << 20).to_string())
            .env("LOG_LEVEL", log_level)
            // One address asks for everybody.
            .env("RATE_LIMITS", "off");
        let begun = Instant::now();
        let mut server = builder.spawn()?;
        // A search too: a server whose database is slow to answer is ready, and has nothing to show yet.
        let is_there = |port, path| {
            http::get(port, path, REQUEST_LIMIT).is_ok_and(|answer| answer.is_success())
        };
        while !(is_there(ops_port, "/readyz") && is_there(port, PROBE)) {
            if server.ended()?.is_some() || begun.elapsed() > READY_DEADLINE {
                bail!("web-api didn't get ready:\n{}", server.log_tail(20));
            }
            std::thread::sleep(PROBE_EVERY);
        }
        let start = begun.elapsed();
        Ok(Serving {
            server,
            port,
            start,
        })
    }

    /// Runs statements and returns what they print.
    pub(in crate::bench) fn sql(&self, statements: &str) -> anyhow::Result<String> {
        match &self.database {
            Some(database) => database.run(statements),
            None => sqlite(&self.file(), statements),
        }
    }
}

impl Serving {
    /// Products for sale, the most wished first; of very many, the first ones.
    pub(in crate::bench) fn products(&self) -> anyhow::Result<Vec<Product>> {
        let mut products = Vec::new();
        for number in 1..=PAGES {
            let mut page = self.page(number)?;
            let last = page.len() < PAGE;
            products.append(&mut page);
            if last {
                break;
            }
        }
        Ok(products)
    }

    /// The most wished products.
    pub(in crate::bench) fn first_page(&self) -> anyhow::Result<Vec<Product>> {
        self.page(1)
    }

    /// Products for sale by the hundred, the most wished first.
    pub(in crate::bench) fn page(&self, number: usize) -> anyhow::Result<Vec<Product>> {
        #[derive(serde::Deserialize)]
        struct Page {
            items: Vec<Product>,
        }
        let path = format!("/api/v1/medicines?pageSize={PAGE}&page={number}");
        let answer = http::get(self.port, &path, REQUEST_LIMIT)?;
        if !answer.is_success() {
            bail!("{path}: web-api answers {}", answer.status);
        }
        let page: Page = serde_json::from_str(&answer.body).context("a page of medicines")?;
        Ok(page.items)
    }

    /// Stops it as an operator does.
    pub(in crate::bench) fn stop(mut self) -> anyhow::Result<()> {
        let status = self.server.stop(STOP_DEADLINE)?;
        if !status.success() {
            bail!(
                "web-api ended badly ({status}):\n{}",
                self.server.log_tail(20)
            );
        }
        Ok(())
    }
}

fn sqlite(file: &Path, statements: &str) -> anyhow::Result<String> {
    let program = process::find_program("sqlite3").context(
        "--database sqlite needs the program sqlite3; on Debian: apt-get install sqlite3",
    )?;
    let mut child = Command::new(program)
        .args(["-bail", "-cmd", ".timeout 20000"])
        .arg(file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(statements.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("sqlite3 failed; its reason stands above");
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
