//! `web-api serve`: the server itself.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use service_kit::logging::LogGuard;
use service_kit::metrics::Metrics;
use service_kit::ops::{self, Health};
use service_kit::settings::SettingsError;
use service_kit::shutdown::Shutdown;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::accounts::{Accounts, SystemClock};
use crate::app::{self, Parts};
use crate::db::Pool;
use crate::mfds::desk::desk;
use crate::mfds::schedule;
use crate::settings::Settings;

/// Connections that wait to be accepted, at most. The usual 128 overflow when many come at once.
const BACKLOG: u32 = 1_024;

/// Time kept for what comes after the last request: writing the logs, ending the tasks.
const AFTER_DRAIN: Duration = Duration::from_secs(2);

/// Serves until SIGTERM or SIGINT: not ready, drain, stop within the deadline.
///
/// # Errors
/// When an address can't be listened on (names its variable) or the process can't be set up.
pub fn run(settings: Settings, log: LogGuard, runtime: Runtime) -> anyhow::Result<()> {
    let health = Health::new();
    let metrics = Metrics::install("web-api", env!("CARGO_PKG_VERSION"))?;
    let shutdown = Shutdown::install(settings.shutdown, health.clone(), log)?;
    let (ops_listener, listener) = {
        let _context = runtime.enter();
        let ops = listen(settings.ops.address, "WEB_OPS_PORT")?;
        (ops, listen(settings.http.address, "WEB_PORT")?)
    };
    let operations = ops::serve(
        ops_listener,
        health.clone(),
        metrics,
        CancellationToken::new(),
    )?;
    tracing::info!(address = %listener.local_addr()?, database = %settings.database.url, "web-api is open");
    let pool = Pool::new(&settings.database);
    let accounts = Accounts::open(settings.accounts, pool.clone(), Arc::new(SystemClock))?;
    let accounts = Arc::new(accounts);
    let schema_ready = CancellationToken::new();
    let limits = settings.shutdown;
    let (syncs, asks) = desk();
    let parts = Parts {
        listener,
        http: settings.http,
        limits: settings.limits,
        tokens: accounts.revoked(),
        accounts,
        catalogue: settings.catalogue,
        drain: limits
            .deadline
            .saturating_sub(limits.grace)
            .saturating_sub(AFTER_DRAIN),
        syncs,
        pool: pool.clone(),
        health,
        schema_ready: schema_ready.clone(),
        stop: shutdown.token(),
    };
    let scheduled = shutdown.task("synchronisation");
    let stop = shutdown.token();
    let schedule = runtime.spawn(async move {
        let ready = stop.run_until_cancelled(schema_ready.cancelled()).await;
        if ready.is_some() {
            schedule::run(pool, settings.mfds, settings.sync, asks, stop).await;
        }
        drop(scheduled);
    });
    let served = runtime.block_on(async {
        let served = app::serve(parts).await;
        // The run notes where it was, so that the next one goes on from there.
        if schedule.await.is_err() {
            tracing::error!("the schedule of the synchronisation ended by a panic");
        }
        served
    });
    // Blocking work that hangs on a database must not hold the process.
    runtime.shutdown_timeout(Duration::from_secs(1));
    operations.stop();
    shutdown.ended();
    served.context("the server ended")
}

/// Binds an address; `variable` names its port in a failure.
fn listen(address: SocketAddr, variable: &str) -> anyhow::Result<TcpListener> {
    let bind = || {
        let socket = if address.is_ipv4() {
            tokio::net::TcpSocket::new_v4()?
        } else {
            tokio::net::TcpSocket::new_v6()?
        };
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)?.into_std()
    };
    bind().map_err(|error| {
        let text = format!(
            "expected a free port, for example {variable}={}; listening on {address} gives: {error}",
            address.port().saturating_add(1)
        );
        SettingsError::single(variable, text).into()
    })
}
