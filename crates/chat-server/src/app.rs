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

use crate::bot::{Bot, Informed};
use crate::desk::Desk;
use crate::gateway::{self, Answers, House, Rates};
use crate::http;
use crate::hub::{self, Console, Hub};
use crate::identity::{Door, Revoked};
use crate::notify::{Notifier, Pace, Webhook};
use crate::settings::{Settings, StoreSettings};
use crate::store::model::Rules;
use crate::store::{self, Store};

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
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            clock: Arc::new(Utc::now),
            answers: None,
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
    let stop_watching = CancellationToken::new();
    let watching = tokio::spawn(store::watch(
        store.clone(),
        dependency.clone(),
        stop_watching.clone(),
    ));
    let tidying = tokio::spawn(store::tidy(store.clone(), stop_watching.clone()));
    let notifying = notifier(settings, &store)?
        .map(|notifier| tokio::spawn(notifier.run(stop_watching.clone())));
    let Parts { clock, answers } = parts;
    let hub = Hub::default();
    let desk = Desk::new(
        store.clone(),
        hub.clone(),
        Arc::clone(&clock),
        settings.desk.clone(),
    );
    let (bot, keeper) = Bot::new(
        &settings.bot,
        desk.hours(),
        store.clone(),
        Arc::clone(&clock),
    );
    let answers =
        answers.unwrap_or_else(|| Arc::new(Informed::new(bot, desk.hours(), desk.wait())));
    let keeping = tokio::spawn(keeper.run(stop_watching.clone()));
    let desk = tokio::spawn(desk.run(stop_watching.clone()));
    if settings.env.is_production() && settings.origins.is_empty() {
        tracing::warn!("CHAT_ALLOWED_ORIGINS is empty: no web page can connect");
    }

    let revoked = Revoked::default();
    let access = &settings.chat.access;
    let (verifier, following) = access.verifier(stop_watching.clone())?;
    let door = Door {
        store: store.clone(),
        clock: Arc::clone(&clock),
        verifier,
        revoked,
        staff: None,
        guest_life: settings.chat.guest_life,
    };
    let console = Console::new(settings.desk.lease);
    let consoles = hub::watch_console(
        console.clone(),
        hub.clone(),
        store.clone(),
        Arc::clone(&clock),
        stop_watching.clone(),
    );
    let consoles = tokio::spawn(consoles);
    let house = Arc::new(House {
        store: store.clone(),
        hub: hub.clone(),
        console,
        answers: Arc::clone(&answers),
        door,
        clock: Arc::clone(&clock),
        rates: Rates::new(&settings.chat.limits),
        limits: settings.chat.limits,
        proxies: settings.proxies.clone(),
        health: dependency,
        stop: stop.clone(),
    });
    let telling = hub::run(hub, store.clone(), answers, clock, stop_watching.clone());
    let telling = tokio::spawn(telling);
    let (sockets, gateway) = gateway::build(Arc::clone(&house));
    let router = http::router(sockets, &settings.origins, house);
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
    stop_watching.cancel();
    watching
        .await
        .context("the watch over the store ended by a panic")?;
    tidying
        .await
        .context("the sweeps of the store ended by a panic")?;
    telling.await.context("the hub ended by a panic")?;
    consoles
        .await
        .context("the consoles' watch ended by a panic")?;
    if let Some(following) = following {
        following
            .await
            .context("the reading of keys ended by a panic")?;
    }
    if let Some(notifying) = notifying {
        notifying
            .await
            .context("the messages to Slack ended by a panic")?;
    }
    keeping.await.context("the bot ended by a panic")?;
    desk.await.context("the desk ended by a panic")?;
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
