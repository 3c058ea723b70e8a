//! What is asked: web-api with sample data on SQLite, and the stand-ins of everybody that it calls.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::bail;
use tempfile::TempDir;
use test_kit::server::Builder;
use test_kit::{Server, free_port, http};

use crate::bench::processes;
use crate::interrupt::Interrupt;
use crate::members;

const SYNC_DEADLINE: Duration = Duration::from_secs(120);
const READY_DEADLINE: Duration = Duration::from_secs(60);
const REQUEST_LIMIT: Duration = Duration::from_secs(10);
const INTERVAL: Duration = Duration::from_millis(50);
const PROBE: &str = "/api/v1/medicines?pageSize=1";

/// The servers. What is declared first is stopped first.
pub(super) struct Stand {
    web_api: Server,
    _stand_ins: Server,
    folder: TempDir,
    /// Of web-api.
    pub(super) port: u16,
    /// Of all stand-ins.
    pub(super) stand_ins: u16,
}

impl Stand {
    /// Starts them, with a catalogue.
    pub(super) fn start(binaries: &Path, interrupt: &Interrupt) -> anyhow::Result<Self> {
        let (stand_ins, server) = processes::simulator(binaries, &[])?;
        let folder = tempfile::tempdir()?;
        let builder = || web_api(binaries, folder.path(), stand_ins);
        processes::finish(builder().arg("sync").spawn()?, SYNC_DEADLINE, interrupt)?;
        let (port, ops_port) = (free_port()?, free_port()?);
        let web_api = builder()
            .arg("serve")
            .env("WEB_PORT", port.to_string())
            .env("WEB_OPS_PORT", ops_port.to_string())
            .ready_at(ops_port, "/readyz")
            .start()?;
        let stand = Self {
            web_api,
            _stand_ins: server,
            folder,
            port,
            stand_ins,
        };
        stand.wait_for_the_catalogue()?;
        Ok(stand)
    }

    fn wait_for_the_catalogue(&self) -> anyhow::Result<()> {
        let end = Instant::now() + READY_DEADLINE;
        while !http::get(self.port, PROBE, REQUEST_LIMIT).is_ok_and(|answer| answer.is_success()) {
            if Instant::now() >= end {
                bail!("web-api shows no catalogue:\n{}", self.log_tail(20));
            }
            std::thread::sleep(INTERVAL);
        }
        Ok(())
    }

    /// Where nothing of ours lies but the database.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The last lines that web-api printed.
    pub(super) fn log_tail(&self, lines: usize) -> String {
        self.web_api.log_tail(lines)
    }
}

fn web_api(binaries: &Path, folder: &Path, stand_ins: u16) -> Builder {
    let feed = format!("http://127.0.0.1:{stand_ins}/1471000");
    let database = format!("sqlite://{}", folder.join("web.db").display());
    let builder = Server::builder("web-api", binaries.join("web-api"))
        .env("DATA_DIR", folder)
        .env("DATABASE_URL", database)
        .env("SYNC_SCHEDULE", "off")
        .env("MFDS_SERVICE_KEY", "sample-key")
        .env("MFDS_BASE_URL", feed)
        .env("LOG_LEVEL", "warn")
        // One machine asks for everybody, as fast as it can.
        .env("RATE_LIMITS", "off")
        .env("PASSWORD_COST", "4");
    members::settings(stand_ins)
        .into_iter()
        .fold(builder, |builder, (name, value)| builder.env(name, value))
}
