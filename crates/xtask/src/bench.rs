//! `cargo xtask bench`: this project's goals, measured.

mod load;
mod machine;
mod report;
mod sync;

use std::process::ExitCode;

use crate::interrupt::Interrupt;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Load a catalogue of realistic size while readers go on
    Sync(sync::Options),
}

/// Measures and reports.
pub(crate) fn run(command: &Command, interrupt: &Interrupt) -> anyhow::Result<ExitCode> {
    match command {
        Command::Sync(options) => sync::run(options, interrupt),
    }
}
