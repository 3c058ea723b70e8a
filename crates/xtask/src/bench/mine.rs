//! `cargo xtask bench mine`: what it costs that an answer carries what is the caller's own.

use std::process::ExitCode;

use anyhow::{Context, bail};
use serde_json::json;

use super::catalogue::contest::median;
use super::catalogue::generator::{Generator, Side};
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

const CONNECTIONS: usize = 32;
const QUERIES: usize = 2_000;
const ALLERGIES: usize = 10;
const ROUND_MILLIS: u64 = 300;
const LOG_LEVEL: &str = "warn";
/// The least ratio of requests a second, signed in against signed out.
const RATIO: f64 = 0.7;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The database below
    #[arg(long, value_enum, default_value_t = Database::Mariadb)]
    database: Database,
    /// How many products
    #[arg(long, default_value_t = 43_000, value_parser = clap::value_parser!(u32).range(1_000..=100_000))]
    items: u32,
    /// How many members ask; each with 10 allergies and 100 wishes
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=100))]
    members: u32,
    /// Turns of each side
    #[arg(long, default_value_t = 21, value_parser = clap::value_parser!(usize))]
    rounds: usize,
    /// Write the report to docs/bench/mine.md as well
    #[arg(long)]
    keep: bool,
}

pub(super) fn run(options: &Options, interrupt: &Interrupt) -> anyhow::Result<ExitCode> {
    if options.database == Database::Mariadb {
        packages::ensure(Needs::MARIADB, interrupt)?;
    }
    let (web_api, folder) = cargo::build_for_catalogue(interrupt)?;
    let generator = Generator::new(&folder, interrupt);
    let programs = Programs { web_api, folder };
    say(&format!("Loading {} products", options.items));
    let stand = Stand::new(&programs, options.database, (options.items, 1), interrupt)?;
    let settings = members::settings(stand.stand_ins());
    let serving = stand.serve_with(LOG_LEVEL, &settings)?;
    say(&format!("Signing {} members up", options.members));
    let tokens: Vec<String> = (1..=options.members)
        .map(|number| member(&stand, &serving, number, interrupt))
        .collect::<anyhow::Result<_>>()?;
    say("Searching, signed in and signed out in turns");
    let sides = search(&generator, &serving, &tokens, options.rounds)?;
    serving.stop()?;
    let met = report::publish(
        "mine",
        &facts(options),
        &rows(&sides),
        "",
        &cargo::target_folder()?,
    )?;
    if options.keep {
        let kept = cargo::root().join("docs/bench/mine.md");
        std::fs::copy(cargo::target_folder()?.join("bench/mine.md"), &kept)?;
        say(&format!("Copied to {}", kept.display()));
    }
    Ok(if met {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A member with wishes and allergies; his access token.
fn member(
    stand: &Stand<'_>,
    serving: &Serving,
    number: u32,
    interrupt: &Interrupt,
) -> anyhow::Result<String> {
    if interrupt.is_set() {
        bail!(Interrupted);
    }
    let web = serving.port;
    let login_id = members::sign_up(web, stand.stand_ins(), number)?;
    let token = members::sign_in(web, &login_id)?;
    let agreed = json!({ "agreed": true });
    members::put(web, &token, "/me/consents/sensitive", &agreed)?;
    for product in &serving.first_page()? {
        members::put(
            web,
            &token,
            &format!("/me/wishes/{}", product.id),
            &json!({}),
        )?;
    }
    let first = usize::try_from(number)?;
    for ingredient in first..first + ALLERGIES {
        members::put(
            web,
            &token,
            &format!("/me/allergies/{ingredient}"),
            &json!({}),
        )?;
    }
    Ok(token)
}

/// Signed in, and signed out: the same queries in the same order.
fn search(
    generator: &Generator<'_>,
    serving: &Serving,
    tokens: &[String],
    rounds: usize,
) -> anyhow::Result<[Side; 2]> {
    let mut random = fastrand::Rng::with_seed(1);
    let queries = mix::searches(&serving.first_page()?, QUERIES, &mut random);
    let paths: Vec<String> = queries.iter().map(|query| query.path(0)).collect();
    let order: Vec<usize> = (0..paths.len()).collect();
    let work = json!({ "rounds": {
        "sides": [
            { "paths": paths, "order": order, "bearers": tokens },
            { "paths": paths, "order": order },
        ],
        "connections": CONNECTIONS,
        "warm_up_rounds": 2,
        "rounds": rounds,
        "round_millis": ROUND_MILLIS,
        "pid": serving.server.pid(),
    } });
    generator
        .run(serving.port, "identity", &work)
        .context("the contest")
}

fn rows([own, everybodys]: &[Side; 2]) -> Vec<Row> {
    let ratios = own.rounds.iter().zip(&everybodys.rounds);
    let ratio = median(
        ratios
            .map(|(own, other)| own.rate() / other.rate())
            .collect(),
    );
    let side = |side: &Side| {
        let millis = |micros: u64| format!("{}.{:02} ms", micros / 1_000, micros % 1_000 / 10);
        let rate = side.rate();
        format!("{rate:.0}/s, {}, {}", millis(side.p50), millis(side.p99))
    };
    vec![
        Row::goal(
            "search signed in against signed out",
            format!("{ratio:.2}"),
            format!("at least {RATIO}"),
            ratio >= RATIO,
        ),
        Row::plain("… signed in: rate, median, p99", side(own)),
        Row::plain("… signed out", side(everybodys)),
    ]
}

fn facts(options: &Options) -> Vec<(&'static str, String)> {
    let database = match options.database {
        Database::Mariadb => "MariaDB (private, fast options)",
        Database::Sqlite => "SQLite",
    };
    let members = format!(
        "{}, each with 100 wishes and {ALLERGIES} allergies, over {CONNECTIONS} connections",
        options.members
    );
    let turns = format!(
        "{} of {ROUND_MILLIS} ms a side, {QUERIES} queries, answers remembered on both sides",
        options.rounds
    );
    vec![
        ("products", options.items.to_string()),
        ("database", database.to_owned()),
        ("members", members),
        ("turns", turns),
        ("machine", machine::describe()),
        ("commit", machine::commit()),
    ]
}
