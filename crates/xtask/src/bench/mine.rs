//! `cargo xtask bench mine`: what it costs that an answer carries what is the caller's own, and that he changes it.

mod reviews;
mod search;
mod wishes;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::bail;
use serde_json::json;

use super::catalogue::generator::Generator;
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
/// Of web-api to its database, and of the program beside it.
const POOL: usize = 8;
const ALLERGIES: usize = 10;
const LOG_LEVEL: &str = "warn";
const REQUEST_LIMIT: Duration = Duration::from_secs(30);

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The database below; both, one after the other, where none is named
    #[arg(long, value_enum)]
    database: Option<Database>,
    /// How many products
    #[arg(long, default_value_t = 43_000, value_parser = clap::value_parser!(u32).range(1_000..=100_000))]
    items: u32,
    /// How many members ask; each with 10 allergies and 100 wishes
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(32..=100))]
    members: u32,
    /// Turns of each side
    #[arg(long, default_value_t = 21, value_parser = clap::value_parser!(usize))]
    rounds: usize,
    /// Write the report to docs/bench/mine.md as well
    #[arg(long)]
    keep: bool,
}

pub(super) fn run(options: &Options, interrupt: &Interrupt) -> anyhow::Result<ExitCode> {
    let databases = match options.database {
        Some(one) => vec![one],
        None => vec![Database::Mariadb, Database::Sqlite],
    };
    if databases.contains(&Database::Mariadb) {
        packages::ensure(Needs::MARIADB, interrupt)?;
    }
    let (web_api, folder) = cargo::build_for_catalogue(interrupt)?;
    let generator = Generator::new(&folder, interrupt);
    let programs = Programs { web_api, folder };
    let mut rows = Vec::new();
    for database in databases {
        rows.append(&mut measure(
            options, database, &programs, &generator, interrupt,
        )?);
    }
    let target = cargo::target_folder()?;
    let met = report::publish("mine", &facts(options), &rows, "", &target)?;
    if options.keep {
        let kept = cargo::root().join("docs/bench/mine.md");
        std::fs::copy(target.join("bench/mine.md"), &kept)?;
        say(&format!("Copied to {}", kept.display()));
    }
    Ok(if met {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A server with members.
struct Scene<'a> {
    generator: &'a Generator<'a>,
    stand: &'a Stand<'a>,
    serving: &'a Serving,
    /// Access tokens of the members.
    tokens: &'a [String],
    rounds: usize,
    /// What rows say of the database.
    database: &'static str,
}

/// Everything on one database; a further part is a further line.
fn measure(
    options: &Options,
    database: Database,
    programs: &Programs,
    generator: &Generator<'_>,
    interrupt: &Interrupt,
) -> anyhow::Result<Vec<Row>> {
    let name = name(database);
    say(&format!("Loading {} products into {name}", options.items));
    let stand = Stand::durable(programs, database, (options.items, 1), interrupt)?;
    let mut settings = members::settings(stand.stand_ins());
    settings.push(("DATABASE_POOL_SIZE", POOL.to_string()));
    let serving = stand.serve_with(LOG_LEVEL, &settings)?;
    say(&format!("Signing {} members up", options.members));
    let tokens: Vec<String> = (1..=options.members)
        .map(|number| member(&stand, &serving, number, interrupt))
        .collect::<anyhow::Result<_>>()?;
    let scene = Scene {
        generator,
        stand: &stand,
        serving: &serving,
        tokens: &tokens,
        rounds: options.rounds,
        database: name,
    };
    let mut rows = search::measure(&scene)?;
    rows.append(&mut wishes::measure(&scene)?);
    rows.append(&mut reviews::measure(&scene)?);
    serving.stop()?;
    Ok(rows)
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
    let agreed = json!({ "agreed": true }).to_string();
    members::put(web, &token, "/me/consents/sensitive", &agreed)?;
    // Without a body, which nobody would read: actix keeps a connection open for that, up to 5 s.
    let put = |path: &str| members::put(web, &token, path, "");
    for product in &serving.first_page()? {
        put(&format!("/me/wishes/{}", product.id))?;
    }
    let first = usize::try_from(number)?;
    for ingredient in first..first + ALLERGIES {
        put(&format!("/me/allergies/{ingredient}"))?;
    }
    Ok(token)
}

fn name(database: Database) -> &'static str {
    match database {
        Database::Mariadb => "MariaDB",
        Database::Sqlite => "SQLite",
    }
}

fn millis(micros: u64) -> String {
    format!("{}.{:02} ms", micros / 1_000, micros % 1_000 / 10)
}

fn facts(options: &Options) -> Vec<(&'static str, String)> {
    let databases = "MariaDB (private, each commit on the disk before it is answered), SQLite (WAL, synchronous NORMAL)";
    let members = format!(
        "{}, each with 100 wishes and {ALLERGIES} allergies, over {CONNECTIONS} connections",
        options.members
    );
    vec![
        ("products", options.items.to_string()),
        ("databases", databases.to_owned()),
        ("members", members),
        ("search", search::turns(options.rounds)),
        ("wishes", wishes::turns(options.rounds, options.members)),
        ("reviews", reviews::turns(options.rounds)),
        ("machine", machine::describe()),
        ("commit", machine::commit()),
    ]
}
