//! Who is connected, and telling them what happened.
//!
//! Messages reach each socket in the order of their numbers, without holes and once: what comes too early waits,
//! and what doesn't come at all (another instance has stored it) is read from the store. A socket that takes
//! nothing any more is cut, so that it comes again and asks for what it lacks.

mod console;
mod console_views;
mod console_watch;
mod ending;
mod others;
mod registry;
mod room;
mod session;
mod tasks;
mod telling;
mod views;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use domain::token::SessionId;
use serde_json::Value;
use socketioxide::extract::SocketRef;
use tokio::sync::Notify;

use crate::store::model::{Changed, ConversationId, Moment, StaffId};

use ending::cut;
use registry::{Connected, Registry};

pub(crate) use console::Console;
pub(crate) use console_views::{
    message as staff_message_view, notes as notes_view, summary as summary_view,
};
pub(crate) use console_watch::{Shown, run as watch_console};
pub(crate) use ending::End;
pub(crate) use session::{Session, SessionKey};
pub(crate) use tasks::run;
pub(crate) use views::{message as message_view, place as place_view, state as state_view, time};

/// What is called with every change.
type OnChange = Arc<dyn Fn(&Changed) + Send + Sync>;

/// Everybody who is connected to this server; a cheap handle.
#[derive(Clone, Default)]
pub struct Hub(Arc<Inner>);

#[derive(Default)]
struct Inner {
    registry: Mutex<Registry>,
    /// Conversations whose followers lack a message that is stored.
    holes: Mutex<Vec<ConversationId>>,
    /// Told when there is a hole.
    torn: Notify,
    /// Told when the queue may have moved.
    queue: Notify,
    /// The counsellors' side.
    console: OnceLock<OnChange>,
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hub")
    }
}

impl Hub {
    /// Whether a counsellor has a socket here.
    #[must_use]
    pub fn has_staff(&self, staff: &StaffId) -> bool {
        self.with(|registry| {
            let is = |one: &Connected| {
                one.session
                    .read(|who| who.staff.as_ref().is_some_and(|own| own.id == *staff))
            };
            registry.connected.values().any(is)
        })
    }

    /// Sessions of accounts of this server that have a socket here: whose, and when one of them was used last.
    pub(crate) fn console_sessions(&self) -> HashMap<SessionId, (StaffId, Moment)> {
        self.with(|registry| {
            let mut open = HashMap::new();
            for one in registry.connected.values() {
                let own = one.session.read(|who| match (&who.claims, &who.staff) {
                    (None, Some(staff)) => Some((staff.session.clone()?, staff.id.clone())),
                    _ => None,
                });
                if let Some((session, staff)) = own {
                    let used_at = one.session.used_at();
                    let known: &mut (StaffId, Moment) =
                        open.entry(session).or_insert((staff, used_at));
                    known.1 = known.1.max(used_at);
                }
            }
            open
        })
    }

    /// Sends to all sockets of counsellors that `wanted` names.
    pub fn push_staff(&self, event: &str, data: &Value, wanted: impl Fn(&StaffId) -> bool) {
        self.with(|registry| {
            let is = |one: &&Connected| {
                one.session
                    .read(|who| who.staff.as_ref().is_some_and(|own| wanted(&own.id)))
            };
            let all = registry.connected.values().filter(is);
            let keys: Vec<SessionKey> = all.map(|one| one.session.key).collect();
            for key in keys {
                registry.push(key, event, data);
            }
        });
    }

    /// Calls the counsellors' side with every change, after visitors were told. Only the first counts.
    pub fn on_change(&self, console: OnChange) {
        if self.0.console.set(console).is_err() {
            tracing::warn!("the counsellors' side is told of changes already");
        }
    }

    /// A socket is there.
    pub(crate) fn enter(&self, session: Arc<Session>, socket: SocketRef) {
        let ended = session.ended.clone();
        let key = session.key;
        self.with(|registry| registry.insert(session, socket));
        // It may have closed before it was here, and then nobody would take it out.
        if ended.is_cancelled() {
            self.left(key);
        }
    }

    /// A socket has closed.
    pub(crate) fn left(&self, key: SessionKey) {
        drop(self.with(|registry| registry.remove(key)));
    }

    /// Lets a socket follow a conversation: what comes from now on waits for [`release`](Self::release).
    pub(crate) fn join(&self, key: SessionKey, id: ConversationId) {
        self.with(|registry| registry.join(key, id));
    }

    /// A socket follows a conversation no longer.
    pub(crate) fn leave(&self, key: SessionKey, id: ConversationId) {
        self.with(|registry| registry.leave(key, id));
    }

    /// Shows the others of a conversation something that isn't stored.
    pub(crate) fn show(&self, id: ConversationId, from: SessionKey, event: &str, data: &Value) {
        self.with(|registry| registry.push_all(id, event, data, |one| one.key != from));
    }

    /// Cuts the connection of a socket that has lost something, so that it comes again.
    pub(crate) fn cut(&self, session: &Session, socket: &SocketRef) {
        self.left(session.key);
        cut(session, socket);
    }

    /// Whether a socket follows a conversation.
    pub(crate) fn follows(&self, key: SessionKey, id: ConversationId) -> bool {
        self.with(|registry| {
            let room = registry.rooms.get(&id);
            room.is_some_and(|room| room.members.contains_key(&key))
        })
    }

    /// Sends to one socket.
    pub(crate) fn push_to(&self, key: SessionKey, event: &str, data: &Value) {
        self.with(|registry| registry.push(key, event, data));
    }

    /// How many sockets there are.
    pub(crate) fn count(&self) -> usize {
        self.with(|registry| registry.connected.len())
    }

    /// Forgets everybody: the server stops.
    pub(crate) fn close(&self) {
        let all = self.with(|registry| {
            registry.rooms.clear();
            std::mem::take(&mut registry.connected)
        });
        for connected in all.values() {
            connected.session.ended.cancel();
        }
    }

    fn tear(&self, id: ConversationId) {
        let mut holes = self.0.holes.lock().unwrap_or_else(PoisonError::into_inner);
        if !holes.contains(&id) {
            holes.push(id);
        }
        self.0.torn.notify_one();
    }

    fn with<T>(&self, work: impl FnOnce(&mut Registry) -> T) -> T {
        let (result, slow) = {
            let lock = &self.0.registry;
            let mut registry = lock.lock().unwrap_or_else(PoisonError::into_inner);
            let result = work(&mut registry);
            (result, registry.take_slow())
        };
        for one in slow {
            cut(&one.session, &one.socket);
        }
        result
    }
}
