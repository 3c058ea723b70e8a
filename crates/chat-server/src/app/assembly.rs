//! What sockets and requests need, put together, with the tasks that serve it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use domain::clock::Clock;
use service_kit::ops::{Dependency, Health};
use tokio_util::sync::CancellationToken;

use super::Parts;
use super::background::Background;
use crate::bot::{Bot, Informed};
use crate::desk::Desk;
use crate::gateway::{Answers, House, Rates};
use crate::hub::{self, Console, Hub};
use crate::identity::{Door, Revoked};
use crate::rest;
use crate::settings::Settings;
use crate::staff::StaffAccounts;
use crate::store::Store;

/// Pause between two looks at the file of public keys: short enough for a rotation.
const KEYS_REREAD: Duration = Duration::from_secs(1);

/// What answers.
pub(super) struct Built {
    /// Sockets.
    pub(super) house: Arc<House>,
    /// Requests.
    pub(super) rest: Router,
}

/// Builds it; what has to run beside is in the background from now on.
pub(super) fn build(
    settings: &Settings,
    store: &Store,
    health: &Health,
    dependency: Dependency,
    stop: CancellationToken,
    parts: Parts,
    background: &mut Background,
) -> anyhow::Result<Built> {
    let Parts {
        clock,
        answers,
        hub,
    } = parts;
    let told = informed(settings, store, &hub, &clock, background);
    let answers = answers.unwrap_or(told);
    let access = &settings.chat.access;
    let (verifier, keys) = access.verifier()?;
    let until = || background.stop.clone();
    let (following, reading, telling) = (until(), until(), until());
    if let Some(keys) = keys {
        background.spawn("the reading of keys", keys.follow(KEYS_REREAD, following));
    }
    let revoked = Revoked::new(store.clone(), hub.clone(), Arc::clone(&clock));
    // Until it was read no token can be believed, so the server isn't ready.
    let learning = revoked
        .clone()
        .follow(health.register("revocations"), reading);
    background.spawn("the reading of what was taken back", learning);
    let (told, time) = (Arc::clone(&answers), Arc::clone(&clock));
    let telling = hub::run(hub.clone(), store.clone(), told, time, telling);
    background.spawn("the hub", telling);
    let staff = StaffAccounts::new(store.clone(), Arc::clone(&clock), settings.staff.clone());
    let idling = staff.clone().follow(hub.clone(), background.stop.clone());
    background.spawn("the sessions of the console", idling);
    let door = Door {
        store: store.clone(),
        clock: Arc::clone(&clock),
        verifier: Arc::clone(&verifier),
        revoked: revoked.clone(),
        staff: Some(Arc::new(staff.clone())),
        guest_life: settings.chat.guest_life,
    };
    let rest = rest::router(rest::Parts {
        store: store.clone(),
        clock: Arc::clone(&clock),
        statements: access.statements(Arc::clone(&verifier))?,
        verifier,
        revoked,
        staff,
        hub: hub.clone(),
        proxies: settings.proxies.clone(),
    });
    let house = Arc::new(House {
        console: console(settings, store, &hub, &clock, background),
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
    Ok(Built { house, rest })
}

/// The counsellors' side, and what keeps it.
fn console(
    settings: &Settings,
    store: &Store,
    hub: &Hub,
    clock: &Arc<dyn Clock>,
    background: &mut Background,
) -> Console {
    let console = Console::new(settings.desk.lease);
    let (own, hub, store) = (console.clone(), hub.clone(), store.clone());
    let (clock, stop) = (Arc::clone(clock), background.stop.clone());
    let keeping = hub::watch_console(own, hub, store, clock, stop);
    background.spawn("the consoles", keeping);
    console
}

/// The bot and the desk as the store and the settings have them, and their tasks.
fn informed(
    settings: &Settings,
    store: &Store,
    hub: &Hub,
    clock: &Arc<dyn Clock>,
    background: &mut Background,
) -> Arc<dyn Answers> {
    let (store, hub, clock) = (store.clone(), hub.clone(), Arc::clone(clock));
    let desk = Desk::new(
        store.clone(),
        hub,
        Arc::clone(&clock),
        settings.desk.clone(),
    );
    let (bot, keeper) = Bot::new(&settings.bot, desk.hours(), store, clock);
    let answers = Informed::new(bot, desk.hours(), desk.wait());
    let (keeping, looking) = (background.stop.clone(), background.stop.clone());
    background.spawn("the bot", keeper.run(keeping));
    background.spawn("the desk", desk.run(looking));
    Arc::new(answers)
}
