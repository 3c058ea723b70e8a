//! The one builder of the server, for `main` and for tests.

mod assembly;
mod background;

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

use crate::gateway::{self, Answers};
use crate::http;
use crate::hub::Hub;
use crate::notify::{Notifier, Pace, Webhook};
use crate::settings::{Settings, StoreSettings};
use crate::store::model::Rules;
use crate::store::{self, Store};
use assembly::Built;
use background::Background;

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

/// What a test may put in the place of something else.
pub struct Parts {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The bot and the hours; `None`: those of the store and the settings.
    pub answers: Option<Arc<dyn Answers>>,
    /// Who is connected.
    pub hub: Hub,
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            clock: Arc::new(Utc::now),
            answers: None,
            hub: Hub::default(),
        }
    }
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
    run_with(settings, listeners, health, shutdown, Parts::default()).await
}

/// The same with parts of one's own.
///
/// # Errors
/// When the server can't start.
pub async fn run_with(
    settings: &Settings,
    listeners: Listeners,
    health: Health,
    shutdown: &Shutdown,
    parts: Parts,
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
    let public = listeners.public;
    let result = serve(settings, public, health, dependency, shutdown, parts).await;
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
    parts: Parts,
) -> anyhow::Result<()> {
    let stop = shutdown.token();
    let rules = Rules {
        notify: settings.slack.is_some(),
        ..settings.rules
    };
    let store = Store::open(&settings.store, rules)
        .await
        .map_err(|error| refuse(settings, error))?;
    health.set_fact("store", store.kind());
    let mut background = Background::default();
    let until = background.stop.clone();
    let watching = store::watch(store.clone(), dependency.clone(), until.clone());
    background.spawn("the watch over the store", watching);
    let tidying = store::tidy(store.clone(), until);
    background.spawn("the sweeps of the store", tidying);
    if let Some(notifier) = notifier(settings, &store)? {
        let until = background.stop.clone();
        background.spawn("the messages to Slack", notifier.run(until));
    }
    if settings.env.is_production() && settings.origins.is_empty() {
        tracing::warn!("CHAT_ALLOWED_ORIGINS is empty: no web page can connect");
    }

    if settings.staff.key_required && settings.staff.key.is_none() {
        tracing::warn!(
            "CHAT_STAFF_KEY is unset: nobody can sign in with an account of this server"
        );
    }

    let Built { house, rest } = assembly::build(
        settings,
        &store,
        &health,
        dependency,
        stop.clone(),
        parts,
        &mut background,
    )?;
    let (sockets, gateway) = gateway::build(Arc::clone(&house));
    let router = http::router(sockets, rest, &settings.origins, house);
    let address = listener.local_addr()?;
    tracing::info!(%address, store = store.kind(), "the chat server is open");
    let limits = http::Limits::within(process::open_files()?, settings.chat.limits.write_stall);
    let connections = http::serve(listener, router, limits, stop).await;

    let open = shutdown.task("connections");
    tracing::info!(open = connections.count(), "closing connections");
    gateway.close().await;
    connections.closed().await;
    drop(open);

    let closing = shutdown.task("store");
    background.end().await?;
    store.close().await;
    drop(closing);
    Ok(())
}

/// Who tells counsellors, where a webhook is set.
fn notifier(settings: &Settings, store: &Store) -> anyhow::Result<Option<Notifier>> {
    let Some(slack) = &settings.slack else {
        tracing::warn!("SLACK_WEBHOOK_URL is unset: nobody is told when somebody waits");
        return Ok(None);
    };
    let webhook = Webhook::new(slack).context("the client of Slack can't be made")?;
    let pace = Pace::within(slack.timeout);
    Ok(Some(Notifier::new(store.clone(), webhook, pace)))
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
