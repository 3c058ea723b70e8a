//! The one builder of the server, for `main` and for tests.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use chrono::Utc;
use domain::clock::Clock;
use service_kit::metrics::Metrics;
use service_kit::ops::{self, Health};
use service_kit::process;
use service_kit::settings::SettingsError;
use service_kit::shutdown::Shutdown;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::bot::Bot;
use crate::desk::Desk;
use crate::hub::Hub;
use crate::settings::{Settings, StoreSettings};
use crate::store::{self, Store};
use crate::{gateway, http};

/// Bound sockets, so that a test can ask for any free port and know it.
#[derive(Debug)]
pub struct Listeners {
    /// For clients.
    pub public: TcpListener,
    /// For operators.
    pub operations: std::net::TcpListener,
}

impl Listeners {
    /// Binds the addresses of the settings.
    ///
    /// # Errors
    /// When an address can't be bound; the variable is named.
    pub async fn bind(settings: &Settings) -> anyhow::Result<Self> {
        let (public, operations) = (settings.address, settings.ops.address);
        Ok(Self {
            public: TcpListener::bind(public)
                .await
                .with_context(|| taken("CHAT_PORT", public))?,
            operations: std::net::TcpListener::bind(operations)
                .with_context(|| taken("CHAT_OPS_PORT", operations))?,
        })
    }
}

fn taken(name: &str, address: SocketAddr) -> SettingsError {
    let text = format!(
        "expected a free port, for example {name}={}; {address} can't be listened on",
        address.port()
    );
    SettingsError::single(name, text)
}

/// Serves until the stop signal, then closes every connection and returns.
///
/// # Errors
/// When the server can't start.
pub async fn run(
    settings: &Settings,
    listeners: Listeners,
    health: Health,
    shutdown: &Shutdown,
) -> anyhow::Result<()> {
    let metrics = Metrics::install(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))?;
    let dependency = health.register("store");
    let operations = ops::serve(
        listeners.operations,
        health.clone(),
        metrics,
        CancellationToken::new(),
    )
    .context("the operations endpoints can't be served")?;
    let result = serve(settings, listeners.public, health, dependency, shutdown).await;
    // It blocks for a moment and is the last thing to end, so that `/readyz` tells the truth.
    tokio::task::spawn_blocking(|| operations.stop()).await?;
    result
}

async fn serve(
    settings: &Settings,
    listener: TcpListener,
    health: Health,
    dependency: ops::Dependency,
    shutdown: &Shutdown,
) -> anyhow::Result<()> {
    let stop = shutdown.token();
    let store = Store::open(&settings.store, settings.rules)
        .await
        .map_err(|error| refuse(settings, error))?;
    health.set_fact("store", store.kind());
    let stop_watching = CancellationToken::new();
    let watching = tokio::spawn(store::watch(
        store.clone(),
        dependency.clone(),
        stop_watching.clone(),
    ));
    let tidying = tokio::spawn(store::tidy(store.clone(), stop_watching.clone()));
    let clock: Arc<dyn Clock> = Arc::new(Utc::now);
    let desk = Desk::new(
        store.clone(),
        Hub::default(),
        Arc::clone(&clock),
        settings.desk.clone(),
    );
    let (_bot, keeper) = Bot::new(&settings.bot, desk.hours(), store.clone(), clock);
    let keeping = tokio::spawn(keeper.run(stop_watching.clone()));
    let desk = tokio::spawn(desk.run(stop_watching.clone()));
    if settings.env.is_production() && settings.origins.is_empty() {
        tracing::warn!("CHAT_ALLOWED_ORIGINS is empty: no web page can connect");
    }

    let (sockets, gateway) = gateway::build(dependency, stop.clone());
    let router = http::router(sockets, &settings.origins);
    let address = listener.local_addr()?;
    tracing::info!(%address, store = store.kind(), "the chat server is open");
    let limits = http::Limits::within(process::open_files()?);
    let connections = http::serve(listener, router, limits, stop).await;

    let open = shutdown.task("connections");
    tracing::info!(open = connections.count(), "closing connections");
    gateway.close().await;
    connections.closed().await;
    drop(open);

    let closing = shutdown.task("store");
    stop_watching.cancel();
    watching
        .await
        .context("the watch over the store ended by a panic")?;
    tidying
        .await
        .context("the sweeps of the store ended by a panic")?;
    keeping.await.context("the bot ended by a panic")?;
    desk.await.context("the desk ended by a panic")?;
    store.close().await;
    drop(closing);
    Ok(())
}

/// Names the setting to look at; the cause stays in the chain.
fn refuse(settings: &Settings, error: store::StoreError) -> anyhow::Error {
    let text = match &settings.store {
        StoreSettings::Sqlite(file) => SettingsError::single(
            "CHAT_DATABASE_URL",
            format!(
                "expected a file that can be written, for example sqlite://data/chat.db; {} can't \
                 be used",
                file.path().display()
            ),
        ),
        StoreSettings::Mongo(_) => SettingsError::single("MONGODB_URI", "it can't be used"),
    };
    anyhow::Error::new(error).context(text)
}
