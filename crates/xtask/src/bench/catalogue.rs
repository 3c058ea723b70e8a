//! `cargo xtask bench catalogue`: search, detail and comparison at full speed, against the same bytes from memory.

pub(super) mod contest;
mod contests;
mod footprint;
mod fresh;
pub(super) mod generator;
mod growth;
pub(super) mod mix;
mod mixes;
mod page;
mod profile;
mod refresh;
pub(super) mod stand;
mod wishes;
mod words;
mod zipf;

use std::process::ExitCode;

use contest::{Outcome, Pace};
use generator::Generator;
use mixes::Mixes;
use page::Findings;
use stand::{Programs, Serving, Stand};

use super::machine;
use super::processes::Database;
use super::report;
use crate::cargo;
use crate::interrupt::Interrupt;
use crate::packages::{self, Needs};
use crate::say::say;

const STARTS: usize = 5;
/// The request log costs both sides the same and would bring them closer: without it the goals are harder.
const LOG_LEVEL: &str = "warn";

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The database below
    #[arg(long, value_enum, default_value_t = Database::Mariadb)]
    database: Database,
    /// How many products
    #[arg(long, default_value_t = 43_000, value_parser = clap::value_parser!(u32).range(1_000..=100_000))]
    items: u32,
    /// How many wishes
    #[arg(long, default_value_t = 200_000, value_parser = clap::value_parser!(u32).range(1..=2_000_000))]
    wishes: u32,
    /// Seed of the generated products, wishes and queries
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Rounds of each side in a contest
    #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Length of a round
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(50..=60_000))]
    round_millis: u64,
    /// Kept connections that ask at the same time
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    connections: u32,
    /// Also measure a tenth and ten times as many products; takes a quarter of an hour more
    #[arg(long)]
    growth: bool,
    /// Take profiles with perf
    #[arg(long)]
    profile: bool,
    /// Write the report to docs/bench/catalogue.md as well
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
        pace: Pace {
            rounds: usize::try_from(options.rounds)?,
            round_millis: options.round_millis,
            connections: usize::try_from(options.connections)?,
        },
    };
    let findings = bench.measure()?;
    let rows = page::goals(&findings);
    let more = page::more(&findings, &notes()?);
    let target = cargo::target_folder()?;
    let met = report::publish("catalogue", &bench.facts(&findings), &rows, &more, &target)?;
    if options.keep {
        let kept = cargo::root().join("docs/bench/catalogue.md");
        std::fs::copy(target.join("bench/catalogue.md"), &kept)?;
        say(&format!("Copied to {}", kept.display()));
    }
    Ok(if met {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What people learned from the figures, by hand.
fn notes() -> anyhow::Result<String> {
    Ok(std::fs::read_to_string(
        cargo::root().join("docs/bench/catalogue-notes.md"),
    )?)
}

struct Bench<'a> {
    options: &'a Options,
    interrupt: &'a Interrupt,
    generator: Generator<'a>,
    programs: Programs,
    pace: Pace,
}

impl Bench<'_> {
    fn measure(&self) -> anyhow::Result<Findings> {
        let items = self.options.items;
        let stand = self.stand(items)?;
        let mut random = fastrand::Rng::with_seed(self.options.seed);

        say("Starting, and asking everything for the memory");
        let (serving, starts) = footprint::starts(&stand, STARTS)?;
        let products = serving.products()?;
        let mixes = Mixes::new(&products, &mut random);
        let memory = footprint::memory(&serving, &mixes, self.shorter(), &self.generator)?;
        serving.stop()?;

        let serving = stand.serve(LOG_LEVEL)?;
        let outcomes = self.contests(&serving, &mixes)?;
        say("Queries that nobody has asked");
        let known = mixes.search.paths.iter().cloned().collect();
        let fresh = fresh::measure(&products, &known, &serving, &self.generator, &mut random)?;
        let profiles = self.profile(&serving, &mixes)?;
        serving.stop()?;
        let mut sizes = Vec::new();
        if self.options.growth {
            sizes.push(self.size(items, &stand)?);
        }

        say("Reading while the catalogue changes");
        let serving = stand.serve(refresh::LOG_LEVEL)?;
        let feed = (items, self.options.seed);
        let asked = mixes.together(&mut random);
        let refresh = refresh::measure(
            &stand,
            &serving,
            &asked,
            feed,
            &self.generator,
            self.interrupt,
        )?;
        serving.stop()?;
        drop(stand);
        if self.options.growth {
            sizes.insert(0, self.size(items / 10, &self.stand(items / 10)?)?);
            sizes.push(self.size(items * 10, &self.stand(items * 10)?)?);
        }
        Ok(Findings {
            outcomes,
            fresh,
            starts,
            memory,
            refresh,
            sizes,
            profiles,
        })
    }

    fn stand(&self, items: u32) -> anyhow::Result<Stand<'_>> {
        say(&format!(
            "Loading {items} products and {} wishes",
            self.options.wishes
        ));
        let feed = (items, self.options.seed);
        let stand = Stand::new(&self.programs, self.options.database, feed, self.interrupt)?;
        let mut random = fastrand::Rng::with_seed(self.options.seed);
        wishes::insert(&stand, usize::try_from(self.options.wishes)?, &mut random)?;
        Ok(stand)
    }

    /// For what is asked beside the contests.
    fn shorter(&self) -> Pace {
        Pace {
            rounds: self.pace.rounds.div_ceil(3),
            ..self.pace
        }
    }

    fn contests(&self, serving: &Serving, mixes: &Mixes) -> anyhow::Result<Vec<Outcome>> {
        let all = contests::all(mixes);
        let mut first = 0;
        let mut outcomes = Vec::new();
        for contest in &all {
            say(&format!("Contest: {}", contest.what));
            let pace = if contest.goal.is_some() {
                self.pace
            } else {
                self.shorter()
            };
            outcomes.push(contest::hold(
                contest,
                first,
                pace,
                serving,
                &self.generator,
            )?);
            first += contest.recorded.len();
        }
        Ok(outcomes)
    }

    fn size(&self, items: u32, stand: &Stand<'_>) -> anyhow::Result<growth::Size> {
        say(&format!("Growth: {items} products"));
        growth::measure(items, stand, self.pace, &self.generator, self.options.seed)
    }

    fn profile(&self, serving: &Serving, mixes: &Mixes) -> anyhow::Result<Vec<String>> {
        if !self.options.profile {
            return Ok(Vec::new());
        }
        let target = cargo::target_folder()?;
        let (pace, generator) = (self.pace, &self.generator);
        [
            ("search", &mixes.unremembered),
            ("detail", &mixes.detail),
            ("compare", &mixes.compare),
        ]
        .into_iter()
        .map(|asked| profile::record(asked, pace, serving, generator, &target))
        .collect()
    }

    fn facts(&self, findings: &Findings) -> Vec<(&'static str, String)> {
        let options = self.options;
        let database = match options.database {
            Database::Mariadb => "MariaDB (private, fast options)",
            Database::Sqlite => "SQLite",
        };
        let products = format!(
            "{} (seed {}), {} wishes",
            options.items, options.seed, options.wishes
        );
        let load = format!(
            "{} kept connections of one thread, no pipelining; rounds of {} ms, {} a side, in turns",
            options.connections, options.round_millis, options.rounds
        );
        let mut facts = vec![
            ("products", products),
            ("database", database.to_owned()),
            ("load", load),
            ("machine", machine::describe()),
            ("commit", machine::commit()),
        ];
        let profiles = findings.profiles.iter();
        facts.extend(profiles.map(|told| ("profile", told.clone())));
        facts
    }
}
