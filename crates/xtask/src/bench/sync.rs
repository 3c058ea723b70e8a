//! `cargo xtask bench sync`: a whole catalogue from the simulator into the database while people go on reading.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::bail;
use test_kit::server::Builder;
use test_kit::{MariaDb, Server, TestDatabase, eventually, free_port, http};

use super::load::{Figures, Load};
use super::machine;
use super::processes::{BUFFER_POOL, Database, finish, simulator};
use super::report::{self, Row, megabytes};
use crate::cargo;
use crate::interrupt::Interrupt;
use crate::packages::{self, Needs};

const TIME_GOAL: Duration = Duration::from_secs(60);
const MEMORY_GOAL_MB: u64 = 300;
const READ_EVERY: Duration = Duration::from_millis(20);
const SYNC_DEADLINE: Duration = Duration::from_secs(900);
const READY_DEADLINE: Duration = Duration::from_secs(60);
const STOP_DEADLINE: Duration = Duration::from_secs(30);

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The database to load
    #[arg(long, value_enum, default_value_t = Database::Mariadb)]
    database: Database,
    /// How many products
    #[arg(long, default_value_t = 43_000)]
    items: u32,
    /// Seed of the generator
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// One synchronisation.
struct Run {
    time: Duration,
    /// Bytes.
    memory: u64,
    reads: Figures,
}

pub(super) fn run(options: &Options, interrupt: &Interrupt) -> anyhow::Result<ExitCode> {
    if options.database == Database::Mariadb {
        packages::ensure(Needs::MARIADB, interrupt)?;
    }
    let binaries = cargo::build_servers(true, interrupt)?;
    let folder = tempfile::tempdir()?;
    let mariadb = match options.database {
        Database::Mariadb => Some(MariaDb::start_with(&[BUFFER_POOL])?),
        Database::Sqlite => None,
    };
    let database = mariadb
        .as_ref()
        .map(|server| TestDatabase::on(&server.url()))
        .transpose()?;
    let url = match &database {
        Some(database) => database.url(),
        None => format!("sqlite://{}", folder.path().join("web.db").display()),
    };
    let (port, ops_port) = (free_port()?, free_port()?);
    let web_api = |simulator: u16| {
        Server::builder("web-api", binaries.join("web-api"))
            .env("DATA_DIR", folder.path())
            .env("DATABASE_URL", &url)
            .env("WEB_PORT", port.to_string())
            .env("WEB_OPS_PORT", ops_port.to_string())
            .env("SYNC_SCHEDULE", "off")
            .env("RATE_LIMITS", "off")
            .env("MFDS_SERVICE_KEY", "sample-key")
            .env(
                "MFDS_BASE_URL",
                format!("http://127.0.0.1:{simulator}/1471000"),
            )
    };
    let bench = Bench { port, interrupt };

    // Readers need something to read, so a small catalogue comes first.
    let (small, _small) = simulator(&binaries, &[])?;
    let (items, seed) = (options.items.to_string(), options.seed.to_string());
    let (big, _big) = simulator(&binaries, &["--items", &items, "--seed", &seed])?;
    // Before the server starts: one that finds its database empty would begin by itself.
    finish(
        web_api(small).arg("sync").spawn()?,
        SYNC_DEADLINE,
        interrupt,
    )?;
    let mut server = web_api(small)
        .arg("serve")
        .ready_at(ops_port, "/readyz")
        .start()?;
    bench.wait_until_it_finds()?;

    let first = bench.synchronise(web_api(big))?;
    let second = bench.synchronise(web_api(big))?;
    let serving = machine::peak_memory(server.pid()).unwrap_or_default();
    server.stop(STOP_DEADLINE)?;
    let met = publish(options, &first, &second, serving)?;
    Ok(if met {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

struct Bench<'a> {
    /// Where the serving process listens.
    port: u16,
    interrupt: &'a Interrupt,
}

impl Bench<'_> {
    /// One synchronisation in a process of its own while readers go on.
    fn synchronise(&self, how: Builder) -> anyhow::Result<Run> {
        let load = Load::start(self.port, paths(), READ_EVERY);
        let start = Instant::now();
        let memory = finish(how.arg("sync").spawn()?, SYNC_DEADLINE, self.interrupt)?;
        let time = start.elapsed();
        Ok(Run {
            time,
            memory,
            reads: load.finish()?,
        })
    }

    fn wait_until_it_finds(&self) -> anyhow::Result<()> {
        let found = || {
            paths().iter().all(|path| {
                http::get(self.port, path, READY_DEADLINE).is_ok_and(|answer| answer.is_success())
            })
        };
        if !eventually(READY_DEADLINE, found) {
            bail!("web-api doesn't answer searches after its first synchronisation");
        }
        Ok(())
    }
}

/// What people ask: a name, a maker, an ingredient, a syllable while typing.
fn paths() -> Vec<String> {
    [
        "/api/v1/medicines?query=%ED%83%80%EC%9D%B4%EB%A0%88%EB%86%80",
        "/api/v1/medicines?query=%EC%A0%95&page=2",
        "/api/v1/medicines?query=%EC%95%84%EC%84%B8%ED%8A%B8%EC%95%84%EB%AF%B8%EB%85%B8%ED%8E%9C&by=ingredient",
        "/api/v1/medicines/suggest?query=%EA%B2%8C",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn publish(options: &Options, first: &Run, second: &Run, serving: u64) -> anyhow::Result<bool> {
    let name = match options.database {
        Database::Mariadb => "MariaDB (private, fast options)",
        Database::Sqlite => "SQLite",
    };
    let facts = [
        (
            "products",
            format!("{} (seed {})", options.items, options.seed),
        ),
        ("database", name.to_owned()),
        ("machine", machine::describe()),
        ("commit", machine::commit()),
    ];
    let mut rows = vec![
        Row::goal(
            "whole load",
            seconds(first.time),
            format!("at most {}", seconds(TIME_GOAL)),
            first.time <= TIME_GOAL,
        ),
        Row::goal(
            "peak memory of `web-api sync`",
            format!("{} MB", megabytes(first.memory)),
            format!("at most {MEMORY_GOAL_MB} MB"),
            first.memory > 0 && megabytes(first.memory) <= MEMORY_GOAL_MB,
        ),
    ];
    rows.extend(reads(&first.reads));
    rows.push(Row::plain(
        "second run, nothing changed",
        seconds(second.time),
    ));
    rows.push(Row::plain(
        "its peak memory",
        format!("{} MB", megabytes(second.memory)),
    ));
    rows.extend(reads(&second.reads));
    rows.push(Row::plain(
        "peak memory of `web-api serve`",
        format!("{} MB", megabytes(serving)),
    ));
    let title = match options.database {
        Database::Mariadb => "sync",
        Database::Sqlite => "sync-sqlite",
    };
    report::publish(title, &facts, &rows, "", &cargo::target_folder()?)
}

fn reads(figures: &Figures) -> [Row; 2] {
    let errors = match &figures.first_error {
        Some(first) => format!("{} (first: {first})", figures.errors),
        None => figures.errors.to_string(),
    };
    [
        Row::plain("reads meanwhile", describe(figures)),
        Row::goal("failed reads", errors, "0".to_owned(), figures.errors == 0),
    ]
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn describe(reads: &Figures) -> String {
    let [p50, p99, max] =
        [50.0, 99.0, 100.0].map(|percent| reads.percentile(percent).as_secs_f64() * 1000.0);
    format!(
        "{:.0} a second; p50 {p50:.1} ms, p99 {p99:.1} ms, slowest {max:.1} ms",
        reads.rate()
    )
}
