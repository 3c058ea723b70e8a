//! Entry point: settings, logs, then the command.

mod allocator;

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use service_kit::process;
use service_kit::settings::Loaded;
use web_api::commands;
use web_api::settings::Settings;

/// REST API of the drug catalogue. Settings come from the environment and `.env`.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Clone, Subcommand)]
enum Command {
    #[command(flatten)]
    Work(Work),
    /// Ask the server of the same settings whether it lives; for health checks of containers.
    Healthcheck,
    /// What checking an access token costs; for `cargo xtask bench accounts`.
    #[cfg(feature = "bench")]
    TokenCost {
        /// How often both sides take their turn.
        rounds: u32,
        /// How long a turn is.
        millis: u64,
    },
}

/// What is logged.
#[derive(Debug, Clone, Subcommand)]
enum Work {
    /// Serve the API until SIGTERM or SIGINT (the default).
    Serve,
    /// Bring the schema of the database up to date.
    Migrate {
        /// Take back so many of the newest migrations instead.
        #[arg(long)]
        undo: Option<usize>,
    },
    /// Synchronise the catalogue with the MFDS feed now.
    Sync,
    /// Add a few quotes and events to look at, where none are stored.
    Samples,
    /// Look members up, give them roles, suspend them.
    #[command(subcommand)]
    User(commands::user::UserCommand),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let command = arguments.command.unwrap_or(Command::Work(Work::Serve));
    if matches!(command, Command::Work(Work::Serve)) {
        allocator::give_back_at_once();
    }
    match start(command) {
        Ok(code) => code,
        Err(error) => {
            // Logs may not be running, and whoever started the process reads here.
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn start(command: Command) -> anyhow::Result<ExitCode> {
    let loaded = Settings::load()?;
    match command {
        Command::Work(work) => run(work, loaded),
        // Without logs: it runs every few seconds, beside the server that writes them.
        Command::Healthcheck => {
            commands::healthcheck::run(&loaded.settings.ops)?;
            Ok(ExitCode::SUCCESS)
        }
        #[cfg(feature = "bench")]
        Command::TokenCost { rounds, millis } => {
            commands::token_cost::run(rounds, millis)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn run(work: Work, loaded: Loaded<Settings>) -> anyhow::Result<ExitCode> {
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| anyhow::anyhow!("another TLS provider was installed first"))?;
    process::keep_files_private();
    let log = service_kit::logging::init(&loaded.settings.log, "web-api")?;
    let settings = loaded.log_warnings();
    if let Err(error) = process::raise_open_files() {
        tracing::warn!(%error, "the limit of open files can't be raised");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    match work {
        Work::Serve => {
            commands::serve::run(settings, log, runtime)?;
            Ok(ExitCode::SUCCESS)
        }
        Work::Migrate { undo } => {
            runtime.block_on(commands::migrate::run(&settings.database, undo))?;
            Ok(ExitCode::SUCCESS)
        }
        Work::Samples => {
            runtime.block_on(commands::samples::run(&settings.database))?;
            Ok(ExitCode::SUCCESS)
        }
        Work::User(command) => {
            let done = commands::user::run(&settings.database, settings.accounts, command);
            runtime.block_on(done)?;
            Ok(ExitCode::SUCCESS)
        }
        Work::Sync => runtime.block_on(async {
            let stop = commands::stop_on_signals().context("listening to signals")?;
            let outcome =
                commands::sync::run(&settings.database, &settings.mfds, &settings.sync, &stop)
                    .await?;
            Ok(ExitCode::from(commands::sync::exit_code(&outcome)))
        }),
    }
}

#[expect(
    clippy::print_stderr,
    reason = "the last word of a process that can't start"
)]
fn complain(error: &anyhow::Error) {
    eprintln!("web-api: {error:#}");
}
