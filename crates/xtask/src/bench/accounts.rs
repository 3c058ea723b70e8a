//! `cargo xtask bench accounts`: whether people who search notice that many sign in, and what the check
//! of an access token costs beside the signature that it can't do without.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use hdrhistogram::Histogram;
use serde::Deserialize;
use serde_json::json;

use super::catalogue::generator::{Generator, Steady};
use super::catalogue::mix;
use super::catalogue::stand::{Programs, Serving, Stand};
use super::machine;
use super::processes::Database;
use super::report::{self, Row};
use crate::cargo;
use crate::interrupt::Interrupt;
use crate::members;
use crate::packages::{self, Needs};
use crate::say::say;
use crate::task::Interrupted;

/// In microseconds.
const SEARCH_P99: u64 = 20_000;
const CHECK_RATIO: f64 = 1.3;
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

/// What came of those who signed in. Times in microseconds.
#[derive(Deserialize)]
struct Posted {
    answered: u64,
    p50: u64,
    max: u64,
    errors: u64,
    first_error: Option<String>,
}

/// Nanoseconds for one token.
#[derive(Deserialize)]
struct Round {
    check: u32,
    bare: u32,
}

struct Findings {
    quiet: Histogram<u64>,
    busy: Histogram<u64>,
    failed_searches: u64,
    posted: Posted,
    rounds: Vec<Round>,
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
    let (facts, rows) = (bench.facts(), rows(&findings));
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

fn rows(findings: &Findings) -> Vec<Row> {
    let millis = |micros: u64| format!("{}.{:02} ms", micros / 1_000, micros % 1_000 / 10);
    let at = |seen: &Histogram<u64>| {
        let [p50, p99] = [0.5, 0.99].map(|quantile| millis(seen.value_at_quantile(quantile)));
        format!("{p50}, {p99}, {}", millis(seen.max()))
    };
    let (busy, posted) = (&findings.busy, &findings.posted);
    let p99 = busy.value_at_quantile(0.99);
    let failures = findings.failed_searches + posted.errors;
    let first = posted.first_error.as_deref().unwrap_or_default();
    let ratio = median(findings.rounds.iter().map(|round| {
        let (check, bare) = (f64::from(round.check), f64::from(round.bare));
        check / bare.max(1.0)
    }));
    let micros = |of: fn(&Round) -> u32| {
        let time = median(findings.rounds.iter().map(|round| f64::from(of(round))));
        format!("{:.1} µs", time / 1_000.0)
    };
    vec![
        Row::plain("search alone: median, p99, slowest", at(&findings.quiet)),
        Row::goal(
            "search while people sign in: p99",
            millis(p99),
            format!("less than {} ms", SEARCH_P99 / 1_000),
            p99 < SEARCH_P99,
        ),
        Row::plain("… median, p99, slowest", at(busy)),
        Row::plain(
            "sign-ins meanwhile: how many, median, slowest",
            format!(
                "{}, {}, {}",
                posted.answered,
                millis(posted.p50),
                millis(posted.max)
            ),
        ),
        Row::goal(
            "failed searches and sign-ins",
            format!("{failures} {first}").trim_end().to_owned(),
            "0".to_owned(),
            failures == 0,
        ),
        Row::goal(
            "check of an access token against the bare signature",
            format!("{ratio:.2}"),
            format!("at most {CHECK_RATIO}"),
            ratio <= CHECK_RATIO,
        ),
        Row::plain(
            "… the check, the signature",
            format!("{}, {}", micros(|one| one.check), micros(|one| one.bare)),
        ),
    ]
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(latency: u64, check: u32) -> Findings {
        let mut busy = Histogram::new(3).unwrap();
        busy.record(latency).unwrap();
        Findings {
            quiet: busy.clone(),
            busy,
            failed_searches: 0,
            posted: Posted {
                answered: 1,
                p50: 2_340_000,
                max: 3_000_000,
                errors: 0,
                first_error: None,
            },
            rounds: [check, check, 99_000]
                .map(|check| Round {
                    check,
                    bare: 40_000,
                })
                .into(),
        }
    }

    fn met(findings: &Findings) -> bool {
        let folder = tempfile::tempdir().unwrap();
        report::publish("accounts", &[], &rows(findings), "", folder.path()).unwrap()
    }

    #[test]
    fn goals_are_held_against_the_figures() {
        assert!(met(&findings(19_000, 44_000)));
        assert!(!met(&findings(20_100, 44_000)), "slow searches");
        assert!(!met(&findings(19_000, 53_000)), "slow checks");
        let mut failed = findings(19_000, 44_000);
        failed.posted.errors = 1;
        assert!(!met(&failed), "a failed sign-in");
    }
}
