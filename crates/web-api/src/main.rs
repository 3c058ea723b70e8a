//! Entry point.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use service_kit::settings::{AppEnv, LogSettings, Reader, Source, data_dir};
use web_api::commands;
use web_api::db::DatabaseSettings;
use web_api::mfds::{MfdsSettings, SyncSettings};

#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Bring the schema of the database up to date.
    Migrate {
        /// Take back so many of the newest migrations instead.
        #[arg(long)]
        undo: Option<usize>,
    },
    /// Synchronise the catalogue with the MFDS feed now.
    Sync,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    if rustls::crypto::ring::default_provider()
        .install_default()
        .is_err()
    {
        anyhow::bail!("another TLS provider is installed already");
    }
    let mut reader = Reader::new(Source::from_process(".env".as_ref()));
    let env = AppEnv::read(&mut reader);
    let folder = data_dir(&mut reader);
    let log = LogSettings::read(&mut reader, &folder);
    let database = DatabaseSettings::read(&mut reader, env);
    let mfds = MfdsSettings::read(&mut reader);
    let sync = SyncSettings::read(&mut reader);
    let loaded = reader.finish(())?;
    let _log = service_kit::logging::init(&log, "web-api")?;
    loaded.log_warnings();
    match arguments.command {
        Command::Migrate { undo } => {
            commands::migrate::run(&database, undo).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Sync => {
            let stop = commands::stop_on_signals().context("listening to signals")?;
            let outcome = commands::sync::run(&database, &mfds, &sync, &stop).await?;
            Ok(ExitCode::from(commands::sync::exit_code(&outcome)))
        }
    }
}
