//! Everything a person does to the workspace: `cargo xtask run`, `test`, `fuzz`, `lint`, `bench`,
//! `vendor`.

mod bench;
mod cargo;
mod fuzz;
mod interrupt;
mod lint;
mod members;
mod packages;
mod run;
mod say;
mod task;
mod test;
mod tools;
mod vendor;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::interrupt::Interrupt;
use crate::say::say;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Everything a person does to this workspace"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build and start both servers with sample data (or the real MFDS); Ctrl-C stops all of it
    Run(Box<run::Options>),
    /// Start the servers that tests need, run every test, clean up
    Test(test::Options),
    /// Ask web-api whatever its OpenAPI document allows and forbids, and hold each answer against it
    Fuzz(fuzz::Options),
    /// Format, clippy, dependency rules, migrations, documentation
    Lint,
    /// Measure against this project's goals
    #[command(subcommand)]
    Bench(bench::Command),
    /// Download the JavaScript libraries that this repository holds, or check them
    Vendor(vendor::Options),
}

fn main() -> ExitCode {
    let outcome = Interrupt::install().and_then(|interrupt| match Arguments::parse().command {
        Command::Run(options) => run::run(&options, &interrupt),
        Command::Test(options) => test::run(&options, &interrupt),
        Command::Fuzz(options) => fuzz::run(&options, &interrupt),
        Command::Lint => lint::run(&interrupt),
        Command::Bench(command) => bench::run(&command, &interrupt),
        Command::Vendor(options) => vendor::run(&options, &interrupt),
    });
    match outcome {
        Ok(code) => code,
        Err(error) => {
            say(&format!("xtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
