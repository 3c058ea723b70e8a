//! The one builder of the server, for `main` and for tests.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use chrono::Utc;
use domain::clock::Clock;
use service_kit::metrics::Metrics;
use service_kit::ops::{self, Health};
use service_kit::process;
use service_kit::settings::SettingsError;
use service_kit::shutdown::Shutdown;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::gateway::{self, Answers, BuiltIn, House, Rates};
use crate::hub::{self, Hub};
use crate::identity::{Door, Revoked};
use crate::settings::{Settings, StoreSettings};
use crate::staff::StaffAccounts;
use crate::store::model::Rules;
use crate::store::{self, Store};
use crate::{http, rest};

/// Pause between two looks at the file of public keys: short enough for a rotation.
const KEYS_REREAD: Duration = Duration::from_secs(1);

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
    /// The bot and the hours.
    pub answers: Arc<dyn Answers>,
    /// Who is connected.
    pub hub: Hub,
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            clock: Arc::new(Utc::now),
            answers: Arc::new(BuiltIn::default()),
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
    let store = Store::open(&settings.store, Rules::default())
        .await
        .map_err(|error| refuse(settings, error))?;
    health.set_fact("store", store.kind());
    let mut background = Background::default();
    let until = background.stop.clone();
    let watching = store::watch(store.clone(), dependency.clone(), until.clone());
    background.spawn("the watch over the store", watching);
    let tidying = store::tidy(store.clone(), until);
    background.spawn("the sweeps of the store", tidying);
    if settings.env.is_production() && settings.origins.is_empty() {
        tracing::warn!("CHAT_ALLOWED_ORIGINS is empty: no web page can connect");
    }

    let (house, rest) = house(
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

/// What sockets need, the routes beside them, and the tasks that serve both.
fn house(
    settings: &Settings,
    store: &Store,
    health: &Health,
    dependency: ops::Dependency,
    stop: CancellationToken,
    parts: Parts,
    background: &mut Background,
) -> anyhow::Result<(Arc<House>, Router)> {
    let Parts {
        clock,
        answers,
        hub,
    } = parts;
    let (verifier, keys) = settings.chat.access.verifier()?;
    if let Some(keys) = keys {
        let following = keys.follow(KEYS_REREAD, background.stop.clone());
        background.spawn("the reading of keys", following);
    }
    let telling = hub::run(
        hub.clone(),
        store.clone(),
        Arc::clone(&answers),
        Arc::clone(&clock),
        background.stop.clone(),
    );
    background.spawn("the hub", telling);
    let revoked = Revoked::new(store.clone(), hub.clone(), Arc::clone(&clock));
    // Until it was read no token can be believed, so the server isn't ready.
    let known = health.register("revocations");
    let learning = revoked.clone().follow(known, background.stop.clone());
    background.spawn("the reading of what was taken back", learning);
    let staff = StaffAccounts::new(store.clone(), Arc::clone(&clock), settings.staff.clone());
    let door = Door {
        store: store.clone(),
        clock: Arc::clone(&clock),
        verifier,
        revoked,
        staff: Some(Arc::new(staff.clone())),
        guest_life: settings.chat.guest_life,
    };
    let house = Arc::new(House {
        store: store.clone(),
        hub,
        answers,
        door,
        clock,
        rates: Rates::new(&settings.chat.limits),
        limits: settings.chat.limits,
        proxies: settings.proxies.clone(),
        health: dependency,
        stop,
    });
    let rest = rest::router(rest::Parts {
        store: store.clone(),
        clock: Arc::clone(&house.clock),
        verifier: Arc::clone(&house.door.verifier),
        statements: settings
            .chat
            .access
            .statements(Arc::clone(&house.door.verifier))?,
        revoked: house.door.revoked.clone(),
        staff,
        hub: house.hub.clone(),
        proxies: settings.proxies.clone(),
    });
    Ok((house, rest))
}

/// Work beside the connections, which ends after them.
#[derive(Default)]
struct Background {
    stop: CancellationToken,
    tasks: Vec<(&'static str, JoinHandle<()>)>,
}

impl Background {
    /// Begins something that ends by itself once [`stop`](Self::stop) is cancelled.
    fn spawn(&mut self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.push((name, tokio::spawn(work)));
    }

    async fn end(self) -> anyhow::Result<()> {
        self.stop.cancel();
        for (name, task) in self.tasks {
            task.await
                .with_context(|| format!("{name} ended by a panic"))?;
        }
        Ok(())
    }
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
