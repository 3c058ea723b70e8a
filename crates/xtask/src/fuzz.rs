//! `cargo xtask fuzz`: schemathesis reads the OpenAPI document and asks thousands of things, well formed
//! and not, as nobody and as a member. No answer may be a 5xx, have a status or a type that the document
//! doesn't name, or a body or header outside its schema.

mod stand;
mod venv;

use std::collections::BTreeMap;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, bail};
use serde_json::Value;
use test_kit::process;

use crate::interrupt::{self, Interrupt};
use crate::packages::{self, Needs};
use crate::say::say;
use crate::task::{self, Interrupted};
use crate::{cargo, members};

use stand::Stand;

/// Where to begin to draw, unless the caller says otherwise: the same cases everywhere.
const SEED: u32 = 20_261_122;
/// Both together ask at least so much, or it is no proof.
const LEAST_CASES: u64 = 2_000;
/// What every answer is held against.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_schema_conformance,response_headers_conformance";
/// Members to sign in as: one that lost its account, or was slowed, is followed by the next.
const MEMBERS: u32 = 5;
const SUCCESS: Range<u16> = 200..300;
/// Of methods that the document doesn't name, which are tried as well.
const METHOD_NOT_ALLOWED: u16 = 405;
/// Failures after which there is no point in going on.
const MOST_FAILURES: &str = "40";
/// Of our own log, where something failed.
const LAST_LINES: usize = 40;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Where to begin to draw: another number draws other cases
    #[arg(long, default_value_t = SEED)]
    seed: u32,
    /// Cases that are drawn for each call and each who asks, beside those at the edges of its schema
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    examples: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: SEED,
            examples: 30,
        }
    }
}

/// Builds, starts, asks; a failure where an answer is wrong.
pub(crate) fn run(options: &Options, interrupt: &Interrupt) -> anyhow::Result<ExitCode> {
    match ask(options, interrupt) {
        Ok(true) => Ok(ExitCode::SUCCESS),
        Ok(false) => Ok(ExitCode::FAILURE),
        Err(error) if error.is::<Interrupted>() => {
            say("Interrupted; everything that was started is stopped.");
            Ok(ExitCode::from(interrupt::EXIT_CODE))
        }
        Err(error) => Err(error),
    }
}

/// Who asks.
struct Asker {
    name: &'static str,
    /// Login ids to sign in with; nobody has none.
    members: Vec<String>,
}

/// What came of it.
struct Outcome {
    asker: &'static str,
    passed: bool,
    cases: u64,
    /// Calls of the document that were never answered with a success.
    refused: Vec<String>,
    output: PathBuf,
}

fn ask(options: &Options, interrupt: &Interrupt) -> anyhow::Result<bool> {
    packages::ensure(Needs::PYTHON, interrupt)?;
    let binaries = cargo::build_servers(false, interrupt)?;
    let folder = cargo::target_folder()?.join("fuzz");
    let program = venv::ensure(&folder, interrupt)?;
    let begun = Instant::now();
    let stand = Stand::start(&binaries, interrupt)?;
    let members: anyhow::Result<Vec<String>> = (1..=MEMBERS)
        .map(|number| members::sign_up(stand.port, stand.stand_ins, number))
        .collect();
    let askers = [
        Asker {
            name: "nobody",
            members: Vec::new(),
        },
        Asker {
            name: "member",
            members: members?,
        },
    ];
    let run = Run {
        options,
        program: &program,
        folder: &folder,
        stand: &stand,
    };
    // Beside each other: each is one process that mostly draws.
    let outcomes: Vec<anyhow::Result<Outcome>> = std::thread::scope(|scope| {
        let running: Vec<_> = askers
            .iter()
            .map(|asker| scope.spawn(|| run.ask_as(asker, interrupt)))
            .collect();
        let joined = running.into_iter().map(|thread| {
            thread
                .join()
                .unwrap_or_else(|_| Err(anyhow::anyhow!("a thread panicked")))
        });
        joined.collect()
    });
    let outcomes: Vec<Outcome> = outcomes.into_iter().collect::<anyhow::Result<_>>()?;
    let passed = report(&outcomes)?;
    if !passed {
        say(&format!("web-api said:\n{}", stand.log_tail(LAST_LINES)));
    }
    say(&format!(
        "fuzz: {} s, seed {}",
        begun.elapsed().as_secs(),
        options.seed
    ));
    Ok(passed)
}

/// One run of the program for each who asks.
struct Run<'a> {
    options: &'a Options,
    program: &'a Path,
    folder: &'a Path,
    stand: &'a Stand,
}

impl Run<'_> {
    fn ask_as(&self, asker: &Asker, interrupt: &Interrupt) -> anyhow::Result<Outcome> {
        let summary = self.folder.join(format!("{}.json", asker.name));
        // The last run's, which must not pass for this one's.
        for old in [&summary, &self.answers(asker)] {
            if old.exists() {
                std::fs::remove_file(old)?;
            }
        }
        let output = self.folder.join(format!("{}.txt", asker.name));
        let command = self.command(asker, &summary, File::create(&output)?)?;
        let status = task::finish(command, interrupt)?;
        Ok(Outcome {
            asker: asker.name,
            passed: status.success(),
            cases: cases(&summary).unwrap_or(0),
            refused: refused(&self.answers(asker))?,
            output,
        })
    }

    fn answers(&self, asker: &Asker) -> PathBuf {
        self.folder.join(format!("{}-answers.json", asker.name))
    }

    fn command(&self, asker: &Asker, summary: &Path, output: File) -> anyhow::Result<Command> {
        let port = self.stand.port;
        let mut command = process::owned_command(self.program);
        command
            .arg("run")
            .arg(format!("http://127.0.0.1:{port}/api-docs/openapi.json"))
            .args(["--checks", CHECKS])
            .args(["--phases", "examples,coverage,fuzzing,stateful"])
            .args(["--seed", &self.options.seed.to_string()])
            .args(["--max-examples", &self.options.examples.to_string()])
            .args(["--generation-database", "none"])
            .args(["--continue-on-failure", "--max-failures", MOST_FAILURES])
            .args(["--request-timeout", "30", "--warnings", "off", "--no-color"])
            .args(["--suppress-health-check", "all"])
            .args(["--report", "json", "--report-json-path"])
            .arg(summary);
        // An empty folder: a settings file of whoever runs us changes nothing.
        let hooks = cargo::root().join("crates/xtask/src/fuzz");
        command
            .current_dir(self.stand.folder())
            .env("PYTHONPATH", hooks)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("SCHEMATHESIS_HOOKS", "hooks")
            .env("FUZZ_MEMBERS", asker.members.join(","))
            .env("FUZZ_PASSWORD", members::PASSWORD)
            .env("FUZZ_WEB", format!("http://127.0.0.1:{port}"))
            .env("FUZZ_ANSWERS", self.answers(asker))
            .env(
                "FUZZ_STAND_INS",
                format!("http://127.0.0.1:{}", self.stand.stand_ins),
            )
            .stdout(output.try_clone()?)
            .stderr(output);
        Ok(command)
    }
}

/// How many cases were asked, as the program tells.
fn cases(summary: &Path) -> anyhow::Result<u64> {
    let text = std::fs::read_to_string(summary)?;
    let summary: Value = serde_json::from_str(&text)?;
    let count = summary.pointer("/test_cases/generated");
    count.and_then(Value::as_u64).context("no number of cases")
}

/// Calls that never went well. Their answers were held against the document no less, but only those
/// that refuse.
fn refused(answers: &Path) -> anyhow::Result<Vec<String>> {
    let text = std::fs::read_to_string(answers)
        .with_context(|| format!("no answers were noted in {}", answers.display()))?;
    let answers: BTreeMap<String, BTreeMap<u16, u64>> = serde_json::from_str(&text)?;
    let mut calls: Vec<String> = Vec::new();
    for (call, statuses) in answers {
        let known = !statuses.contains_key(&METHOD_NOT_ALLOWED);
        if known && !statuses.keys().any(|status| SUCCESS.contains(status)) {
            calls.push(call);
        }
    }
    Ok(calls)
}

fn report(outcomes: &[Outcome]) -> anyhow::Result<bool> {
    for outcome in outcomes {
        let verdict = if outcome.passed { "passed" } else { "FAILED" };
        say(&format!(
            "fuzz as {}: {} cases, {verdict}",
            outcome.asker, outcome.cases
        ));
        if !outcome.refused.is_empty() {
            say(&format!(
                "  never with success: {}",
                outcome.refused.join(", ")
            ));
        }
        if !outcome.passed {
            say(&std::fs::read_to_string(&outcome.output)?);
        }
    }
    let cases: u64 = outcomes.iter().map(|outcome| outcome.cases).sum();
    let passed = outcomes.iter().all(|outcome| outcome.passed);
    if passed && cases < LEAST_CASES {
        bail!("{cases} cases were asked; at least {LEAST_CASES} are needed: raise --examples");
    }
    Ok(passed)
}
