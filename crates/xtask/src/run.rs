//! `cargo xtask run`: everything a person needs to try the servers, started and stopped together.

mod catalogue;
mod fleet;
mod ports;
mod slack;
mod stand_ins;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use test_kit::Server;
use test_kit::server::Builder;

use crate::cargo;
use crate::interrupt::{self, Interrupt};
use crate::say::say;
use crate::task::Interrupted;

use fleet::Fleet;
use ports::Ports;
use stand_ins::StandIns;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Where databases, logs and keys are kept, from the workspace's folder
    #[arg(long, default_value = "data")]
    data_dir: PathBuf,
    /// Port of the REST API; its operations port is one hundred above
    #[arg(long, default_value_t = 8080)]
    web_port: u16,
    /// Port of the chat; its operations port is one hundred above
    #[arg(long, default_value_t = 8081)]
    chat_port: u16,
    /// MySQL instead of the embedded SQLite: mysql://user:password@host:port/database
    #[arg(long)]
    database_url: Option<String>,
    /// MongoDB instead of the embedded SQLite for the chat
    #[arg(long)]
    mongodb_uri: Option<String>,
    /// Service key of data.go.kr: the real MFDS instead of sample data. Better given as the environment
    /// variable: a command line is visible to every user of the machine
    #[arg(long, env = "MFDS_SERVICE_KEY", hide_env_values = true)]
    mfds_key: Option<String>,
    /// Build with optimisations
    #[arg(long)]
    release: bool,
}

impl Options {
    /// The key, unless it is empty as in an untouched `.env`.
    fn key(&self) -> Option<&str> {
        self.mfds_key.as_deref().filter(|key| !key.is_empty())
    }
}

/// Builds, starts, loads, waits for Ctrl-C, stops.
pub(crate) fn run(options: &Options, interrupt: &Interrupt) -> anyhow::Result<ExitCode> {
    let ports = Ports::new(options.web_port, options.chat_port)?;
    match start_and_watch(options, &ports, interrupt) {
        Err(error) if error.is::<Interrupted>() => {
            say("Stopped before everything was up.");
            Ok(ExitCode::from(interrupt::EXIT_CODE))
        }
        Err(error) => Err(error),
        Ok(()) => Ok(ExitCode::SUCCESS),
    }
}

fn start_and_watch(options: &Options, ports: &Ports, interrupt: &Interrupt) -> anyhow::Result<()> {
    let binaries = cargo::build_servers(options.release, interrupt)?;
    let data = cargo::root().join(&options.data_dir);
    std::fs::create_dir_all(&data).with_context(|| format!("can't make {}", data.display()))?;

    let mut fleet = Fleet::new(interrupt);
    let outcome = bring_up(&mut fleet, options, ports, &binaries, &data).and_then(|()| {
        say(&addresses(options, ports));
        fleet.watch()
    });
    fleet.stop();
    outcome
}

fn bring_up(
    fleet: &mut Fleet<'_>,
    options: &Options,
    ports: &Ports,
    binaries: &Path,
    data: &Path,
) -> anyhow::Result<()> {
    // Also with a key: it stands in for the other services too.
    let simulator = Server::builder("simulators", binaries.join("simulators"))
        .args(["serve", "--kakao-webhook", &stand_ins::webhook(ports)])
        .args(["--mfds-port", &ports.simulator.to_string()])
        .ready_at(ports.simulator, "/_control/health")
        .echo();
    fleet.add(simulator)?;
    fleet.add(chat_server(options, ports, binaries, data))?;
    if !fleet
        .run_beside(web_api(options, ports, binaries, data).arg("migrate"))?
        .success()
    {
        bail!("the database's schema can't be brought up to date; the log above says why");
    }
    // Beside real data nothing is invented.
    if options.key().is_none()
        && !fleet
            .run_beside(web_api(options, ports, binaries, data).arg("samples"))?
            .success()
    {
        bail!("no quotes and events can be added to look at; the log above says why");
    }
    fleet.add(
        web_api(options, ports, binaries, data)
            .arg("serve")
            .ready_at(ports.web_ops, "/readyz"),
    )?;
    let sync = || web_api(options, ports, binaries, data).arg("sync");
    catalogue::load(fleet, ports.web, options.key().is_none(), sync)
}

fn web_api(options: &Options, ports: &Ports, binaries: &Path, data: &Path) -> Builder {
    // Sample data and real data never share a database: nobody must read an invented catalogue as the real one.
    let file = if options.key().is_some() {
        "web.db"
    } else {
        "web-sample.db"
    };
    let embedded = || format!("sqlite://{}", data.join(file).display());
    let server = Server::builder("web-api", binaries.join("web-api"))
        .inherit_env()
        .current_dir(cargo::root())
        .env("DATA_DIR", data)
        .env("WEB_PORT", ports.web.to_string())
        .env("WEB_OPS_PORT", ports.web_ops.to_string())
        .env("CHAT_EVENTS_URL", statements(ports))
        .env(
            "DATABASE_URL",
            options.database_url.clone().unwrap_or_else(embedded),
        )
        .echo();
    let server = StandIns::of_environment().point(server, ports);
    match options.key() {
        Some(key) => server.env("MFDS_SERVICE_KEY", key),
        None => server.env("MFDS_SERVICE_KEY", "sample-key").env(
            "MFDS_BASE_URL",
            format!("http://127.0.0.1:{}/1471000", ports.simulator),
        ),
    }
}

/// Where chat-server is told who has left.
fn statements(ports: &Ports) -> String {
    format!(
        "http://127.0.0.1:{}/chat/v1/internal/statements",
        ports.chat
    )
}

fn chat_server(options: &Options, ports: &Ports, binaries: &Path, data: &Path) -> Builder {
    let server = Server::builder("chat-server", binaries.join("chat-server"))
        .arg("serve")
        .inherit_env()
        .current_dir(cargo::root())
        .env("DATA_DIR", data)
        .env("CHAT_PORT", ports.chat.to_string())
        .env("CHAT_OPS_PORT", ports.chat_ops.to_string())
        .ready_at(ports.chat_ops, "/readyz")
        .echo();
    let server = slack::at_stand_in(server, ports);
    match &options.mongodb_uri {
        Some(uri) => server.env("MONGODB_URI", uri),
        None => server,
    }
}

fn addresses(options: &Options, ports: &Ports) -> String {
    let Ports {
        web,
        web_ops,
        chat,
        chat_ops,
        ..
    } = ports;
    let source = if options.key().is_some() {
        "MFDS (식약처), with your key"
    } else {
        "sample data from the simulator: no medical advice"
    };
    format!(
        "
  Pillnuts is up. Ctrl-C stops all of it. Data: {source}.

  pages        http://127.0.0.1:{web}/
  REST API     http://127.0.0.1:{web}/api/v1
  Swagger UI   http://127.0.0.1:{web}/swagger-ui/
  chat         http://127.0.0.1:{chat}/  (Socket.IO)
  Slack        {slack}
  health       http://127.0.0.1:{web_ops}/readyz  http://127.0.0.1:{chat_ops}/readyz
  metrics      http://127.0.0.1:{web_ops}/metrics  http://127.0.0.1:{chat_ops}/metrics

  Sign-in and messages:
{others}
  Try:
    curl -G http://127.0.0.1:{web}/api/v1/medicines --data-urlencode 'query={example}'
",
        others = StandIns::of_environment().lines(ports),
        slack = slack::address(ports),
        example = catalogue::EXAMPLE
    )
}
