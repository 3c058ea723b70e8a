//! Entry point: settings, logs, the server, and an exit code that says how it went.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use chat_server::app::{self, Listeners};
use chat_server::commands::{self, CounsellorCommand};
use chat_server::settings::Settings;
use clap::{Parser, Subcommand};
use service_kit::logging;
use service_kit::ops::{self, Health};
use service_kit::process;
use service_kit::settings::{Loaded, Source};
use service_kit::shutdown::Shutdown;

/// Exit code when the settings can't be used (`EX_CONFIG` of sysexits.h).
const EXIT_SETTINGS: u8 = 78;

/// Wait for blocking work that nobody waits for any more.
const RUNTIME_END: Duration = Duration::from_secs(1);

/// The chat server of Pillnuts. Settings come from the environment and `.env`.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Default, Subcommand)]
enum Command {
    /// Serves until SIGTERM or Ctrl-C (the default).
    #[default]
    Serve,
    /// Accounts of counsellors that this server keeps itself.
    #[command(subcommand)]
    Counsellor(CounsellorCommand),
    /// Asks the server of the same settings whether it lives; for health checks of containers.
    Healthcheck,
}

fn main() -> ExitCode {
    let command = Arguments::parse().command.unwrap_or_default();
    let settings = match Settings::load(Source::from_process(".env".as_ref())) {
        Ok(loaded) => loaded,
        Err(error) => return refuse(&error),
    };
    match command {
        Command::Serve => start(settings),
        Command::Healthcheck => healthcheck(&settings.settings),
        Command::Counsellor(command) => counsellor(&settings.settings, command),
    }
}

fn start(settings: Loaded<Settings>) -> ExitCode {
    process::keep_files_private();
    // Held until the end: the last line must not be lost.
    let log = match logging::init(&settings.settings.log, "chat-server") {
        Ok(log) => log,
        Err(error) => return refuse(&error),
    };
    let settings = settings.log_warnings();
    if let Err(error) = process::raise_open_files() {
        tracing::warn!(%error, "the limit of open files can't be raised");
    }
    match serve(&settings, log.clone()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "the server could not run");
            say(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn healthcheck(settings: &Settings) -> ExitCode {
    match ops::probe(settings.ops.address) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("{:#}", anyhow::Error::new(error)));
            ExitCode::FAILURE
        }
    }
}

fn counsellor(settings: &Settings, command: CounsellorCommand) -> ExitCode {
    process::keep_files_private();
    install_tls();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let done = runtime
        .context("the runtime can't be started")
        .and_then(|runtime| {
            let done = runtime.block_on(commands::counsellor(settings, command));
            runtime.shutdown_timeout(RUNTIME_END);
            done
        });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Several libraries bring TLS back ends of their own; without a choice the first handshake panics. It
/// fails only where a choice was made before, which is as good.
fn install_tls() {
    if rustls::crypto::ring::default_provider()
        .install_default()
        .is_err()
    {
        tracing::debug!("a TLS provider is installed already");
    }
}

fn serve(settings: &Settings, log: logging::LogGuard) -> anyhow::Result<()> {
    install_tls();
    let health = Health::new();
    let shutdown = Shutdown::install(settings.shutdown, health.clone(), log)
        .context("signals can't be handled")?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime can't be started")?;
    let result = runtime.block_on(async {
        let listeners = Listeners::bind(settings).await?;
        app::run(settings, listeners, health, &shutdown).await
    });
    runtime.shutdown_timeout(RUNTIME_END);
    shutdown.ended();
    result
}

fn refuse(error: &dyn std::error::Error) -> ExitCode {
    say(&error.to_string());
    ExitCode::from(EXIT_SETTINGS)
}

#[expect(
    clippy::print_stderr,
    reason = "there is no log yet, or it goes to a file only"
)]
fn say(text: &str) {
    eprintln!("chat-server: {text}");
}
