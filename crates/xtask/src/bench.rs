//! `cargo xtask bench`: this project's goals, measured.

mod accounts;
mod catalogue;
mod load;
mod machine;
mod mine;
pub(crate) mod processes;
mod report;
mod sync;

use std::process::ExitCode;

use crate::interrupt::Interrupt;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Search while many sign in, and what the check of a token costs
    Accounts(accounts::Options),
    /// Search, read and compare at full speed, against the same answers from memory
    Catalogue(catalogue::Options),
    /// Search signed in, with allergies and wishes, against the same signed out
    Mine(mine::Options),
    /// Load a catalogue of realistic size while readers go on
    Sync(sync::Options),
}

/// Measures and reports.
pub(crate) fn run(command: &Command, interrupt: &Interrupt) -> anyhow::Result<ExitCode> {
    match command {
        Command::Accounts(options) => accounts::run(options, interrupt),
        Command::Catalogue(options) => catalogue::run(options, interrupt),
        Command::Mine(options) => mine::run(options, interrupt),
        Command::Sync(options) => sync::run(options, interrupt),
    }
}
