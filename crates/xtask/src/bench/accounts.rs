//! `cargo xtask bench accounts`: whether people who search notice that many sign in, and what the check
//! of an access token costs beside the signature that it can't do without.

mod page;

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use hdrhistogram::Histogram;
use serde_json::json;

use super::catalogue::generator::{Generator, Steady};
use super::catalogue::mix;
use super::catalogue::stand::{Programs, Serving, Stand};
use super::machine;
use super::processes::Database;
use super::report;
use crate::cargo;
use crate::interrupt::Interrupt;
use crate::members;
use crate::packages::{self, Needs};
use crate::say::say;
use crate::task::Interrupted;

use page::{Findings, Posted, Round};

/// One search every so many microseconds: two hundred a second, over all connections.
const INTERVAL_MICROS: u64 = 5_000;
const CONNECTIONS: u32 = 16;
const QUERIES: usize = 1_000;
const QUIET: Duration = Duration::from_secs(10);
/// What isn't counted at the beginning of a measurement.
const BEGINNING: Duration = Duration::from_secs(1);
const INTERVAL: Duration = Duration::from_millis(20);
const LOG_LEVEL: &str = "warn";

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The database below
    #[arg(long, value_enum, default_value_t = Database::Mariadb)]
    database: Database,
    /// How many products
    #[arg(long, default_value_t = 43_000, value_parser = clap::value_parser!(u32).range(1_000..=100_000))]
    items: u32,
    /// How many sign in at the same time, again and again
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100))]
    sign_ins: u32,
    /// How long they do
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(3..=600))]
    seconds: u64,
    /// Turns of each side where the check of a token is measured
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Write the report to docs/bench/accounts.md as well
    #[arg(long)]
    keep: bool,
}

pub(super) fn run(options: &Options, interrupt: &Interrupt) -> anyhow::Result<ExitCode> {
    if options.database == Database::Mariadb {
        packages::ensure(Needs::MARIADB, interrupt)?;
    }
    let (web_api, folder) = cargo::build_for_catalogue(interrupt)?;
    let bench = Bench {
        options,
        interrupt,
        generator: Generator::new(&folder, interrupt),
        programs: Programs { web_api, folder },
    };
    let findings = bench.measure()?;
    let target = cargo::target_folder()?;
    let (facts, rows) = (bench.facts(), page::rows(&findings));
    let met = report::publish("accounts", &facts, &rows, "", &target)?;
    if options.keep {
        let kept = cargo::root().join("docs/bench/accounts.md");
        std::fs::copy(target.join("bench/accounts.md"), &kept)?;
        say(&format!("Copied to {}", kept.display()));
    }
    Ok(if met {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

struct Bench<'a> {
    options: &'a Options,
    interrupt: &'a Interrupt,
    generator: Generator<'a>,
    programs: Programs,
}

impl Bench<'_> {
    fn measure(&self) -> anyhow::Result<Findings> {
        say("Checking tokens");
        let rounds = self.token_rounds()?;
        say(&format!("Loading {} products", self.options.items));
        let feed = (self.options.items, 1);
        let stand = Stand::new(&self.programs, self.options.database, feed, self.interrupt)?;
        let settings = members::settings(stand.stand_ins());
        let serving = stand.serve_with(LOG_LEVEL, &settings)?;
        say(&format!("Signing {} members up", self.options.sign_ins));
        let names: anyhow::Result<Vec<String>> = (1..=self.options.sign_ins)
            .map(|number| self.sign_up(&stand, &serving, number))
            .collect();
        let searches = searches(&serving)?;
        say("Searching, first alone, then while they sign in");
        let quiet = self.search(&serving, &searches, QUIET)?;
        let bodies: Vec<String> = names?.iter().map(|name| sign_in(name)).collect();
        let posts = json!({ "posts": {
            "path": "/api/v1/auth/sessions", "bodies": bodies, "status": 201,
        } });
        let posting = self.generator.steady(serving.port, &posts)?;
        let busy = self.search(&serving, &searches, self.length())?;
        let posted: Posted = posting.finish()?;
        serving.stop()?;
        Ok(Findings {
            quiet: quiet.0,
            busy: busy.0,
            failed_searches: quiet.1 + busy.1,
            posted,
            rounds,
        })
    }

    fn length(&self) -> Duration {
        Duration::from_secs(self.options.seconds)
    }

    fn sign_up(&self, stand: &Stand<'_>, serving: &Serving, number: u32) -> anyhow::Result<String> {
        if self.interrupt.is_set() {
            bail!(Interrupted);
        }
        members::sign_up(serving.port, stand.stand_ins(), number)
    }

    /// Latencies, from when each search was due, and how many failed.
    fn search(
        &self,
        serving: &Serving,
        paths: &[String],
        length: Duration,
    ) -> anyhow::Result<(Histogram<u64>, u64)> {
        let order: Vec<usize> = (0..paths.len()).collect();
        let work = json!({ "steady": {
            "paths": paths, "order": order,
            "connections": CONNECTIONS, "interval_micros": INTERVAL_MICROS,
        } });
        let running = self.generator.steady(serving.port, &work)?;
        let end = Instant::now() + BEGINNING + length;
        while Instant::now() < end {
            if self.interrupt.is_set() {
                bail!(Interrupted);
            }
            std::thread::sleep(INTERVAL);
        }
        let seen: Steady = running.finish()?;
        if let Some(error) = &seen.first_error {
            say(&format!("A search failed: {error}"));
        }
        let first = seen.samples.iter().map(|(due, _)| *due).min();
        let begin = first.context("nothing was searched")? + u64::try_from(BEGINNING.as_micros())?;
        let mut latencies = Histogram::new(3)?;
        for (_, latency) in seen.samples.iter().filter(|(due, _)| *due >= begin) {
            latencies.record(*latency)?;
        }
        Ok((latencies, seen.errors))
    }

    fn token_rounds(&self) -> anyhow::Result<Vec<Round>> {
        let folder = tempfile::tempdir()?;
        let output = Command::new(&self.programs.web_api)
            .args(["token-cost", &self.options.rounds.to_string(), "200"])
            .current_dir(folder.path())
            .output()
            .context("can't start web-api")?;
        if !output.status.success() {
            let told = String::from_utf8_lossy(&output.stderr);
            bail!("web-api token-cost failed: {told}");
        }
        serde_json::from_slice(&output.stdout).context("web-api token-cost tells something else")
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let options = self.options;
        let database = match options.database {
            Database::Mariadb => "MariaDB (private, fast options)",
            Database::Sqlite => "SQLite",
        };
        let sign_ins = format!(
            "{} connections, each with a member of its own and the right password, bcrypt at the default cost, {} s",
            options.sign_ins, options.seconds
        );
        let searches = format!(
            "one every {INTERVAL_MICROS} µs over {CONNECTIONS} connections, timed from when it was due"
        );
        vec![
            ("products", options.items.to_string()),
            ("database", database.to_owned()),
            ("sign-ins", sign_ins),
            ("searches", searches),
            (
                "tokens",
                format!("{} turns of 200 ms a side", options.rounds),
            ),
            ("machine", machine::describe()),
            ("commit", machine::commit()),
        ]
    }
}

/// What is searched for.
fn searches(serving: &Serving) -> anyhow::Result<Vec<String>> {
    let mut random = fastrand::Rng::with_seed(1);
    let queries = mix::searches(&serving.first_page()?, QUERIES, &mut random);
    if queries.is_empty() {
        bail!("there is nothing to search for");
    }
    Ok(queries.iter().map(|query| query.path(0)).collect())
}

fn sign_in(login_id: &str) -> String {
    json!({ "loginId": login_id, "password": members::PASSWORD }).to_string()
}
