//! Who is connected, and telling them what happened.
//!
//! Messages reach each socket in the order of their numbers, without holes and once: what comes too early waits,
//! and what doesn't come at all (another instance has stored it) is read from the store. A socket that takes
//! nothing any more is cut, so that it comes again and asks for what it lacks.

mod console;
mod console_views;
mod console_watch;
mod registry;
mod room;
mod session;
mod tasks;
mod views;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use domain::token::{SessionId, UserId};
use serde_json::{Value, json};
use socketioxide::extract::SocketRef;
use tokio::sync::Notify;

use crate::store::model::{Changed, Conversation, ConversationId, Person, Seq, StaffId, State};

use registry::{Connected, Registry};
use room::Told;

pub(crate) use console::Console;
pub(crate) use console_views::{
    message as staff_message_view, notes as notes_view, summary as summary_view,
};
pub(crate) use console_watch::{Shown, run as watch_console};
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

/// Why a socket is ended. The code is in the `notice` that it gets last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Its proof is over.
    Expired,
    /// Its session has ended, or the member is suspended or gone.
    Revoked,
    /// The guest's history has moved or was forgotten.
    Forgotten,
}

impl End {
    const fn code(self) -> &'static str {
        match self {
            Self::Expired => "token_expired",
            Self::Revoked => "token_revoked",
            Self::Forgotten => "guest_ended",
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::Expired => "로그인 시간이 끝났어요. 다시 연결해 주세요.",
            Self::Revoked => "로그인이 끝났어요. 다시 로그인해 주세요.",
            Self::Forgotten => "비회원 대화가 끝났어요.",
        }
    }
}

impl Hub {
    /// Tells everybody who follows what a step of the store has changed: the visitor's devices, the counsellor, the
    /// queue. Whoever changes a conversation calls it, once, after the store has answered.
    pub fn changed(&self, changed: &Changed) {
        let head = &changed.conversation;
        self.with(|registry| {
            registry.keep_holder(head);
            // A repeated one, too: where the store's answer to the first was lost, nobody has been told yet. The room
            // takes no message twice.
            if let Some(message) = &changed.message {
                let except = registry.senders(head.id, &message.key);
                if let Some(room) = registry.rooms.get_mut(&head.id) {
                    let message = message.clone();
                    room.add(Told { message, except });
                }
            }
            registry.flush(head.id);
            show_state(registry, head);
            show_read(registry, head);
            let room = registry.rooms.get(&head.id);
            if room.is_some_and(|room| room.has_hole(head.last_seq)) {
                self.tear(head.id);
            }
        });
        if changed.message.is_none() && changed.delivery.is_none() && !changed.repeated {
            self.0.queue.notify_one();
        }
        if let Some(console) = self.0.console.get().filter(|_| !changed.repeated) {
            console(changed);
        }
    }

    /// Warns the visitor of a conversation: a `notice` event, nothing stored.
    pub fn warn_idle(&self, changed: &Changed, last_seq: Seq, closes_in_seconds: u64) {
        let id = changed.conversation.id;
        let notice = json!({
            "code": "idle_warning",
            "message": "답장이 없으면 상담이 곧 끝나요. 계속하시려면 메시지를 보내 주세요.",
            "lastSeq": last_seq,
            "closesInSeconds": closes_in_seconds,
        });
        self.with(|registry| {
            registry.push_all(id, "notice", &notice, |session| {
                session.conversation() == Some(id)
            });
        });
    }

    /// Ends the sockets of a session of web-api, or of the console, at once; gives how many.
    pub fn end_session(&self, session: &SessionId) -> usize {
        self.end_where(End::Revoked, |one| {
            one.read(|who| who.session() == Some(session))
        })
    }

    /// Ends the sockets of a user at once; gives how many.
    pub fn end_user(&self, user: &UserId) -> usize {
        self.end_where(End::Revoked, |one| {
            one.read(|who| {
                who.claims
                    .as_ref()
                    .is_some_and(|claims| claims.user == *user)
            })
        })
    }

    /// Ends the sockets of a counsellor at once; gives how many.
    pub fn end_staff(&self, staff: &StaffId) -> usize {
        self.end_where(End::Revoked, |one| {
            one.read(|who| who.staff.as_ref().is_some_and(|own| own.id == *staff))
        })
    }

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

    /// Ends the sockets of a person at once; gives how many.
    pub(crate) fn end_person(&self, person: &Person, end: End) -> usize {
        self.end_where(end, |one| {
            one.read(|who| who.person.as_ref() == Some(person))
        })
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

    /// Tells a socket everything after a number, now that it has been answered up to it.
    pub(crate) fn release(&self, key: SessionKey, head: &Conversation, last_seq: Seq) {
        self.with(|registry| {
            if registry.release(key, head.id, last_seq) {
                self.tear(head.id);
            }
            if let Some(room) = registry.rooms.get_mut(&head.id) {
                room.read.0 = room.read.0.max(head.visitor_read);
                room.read.1 = room.read.1.max(head.staff_read);
                // The answer told the state, too.
                let hole = room.has_hole(head.last_seq);
                if head.version >= room.version {
                    let view = state_view(head, None);
                    let waits = head.state == State::Waiting;
                    // It told only this one: where the change itself comes later, it would be known already.
                    let news = room.shown != view && (room.waits || !room.shown.is_empty());
                    room.version = head.version;
                    room.shown.clone_from(&view);
                    room.waits = waits;
                    if news && !waits {
                        let view = Value::Object(view);
                        let others = |one: &Session| one.key != key;
                        registry.push_all(head.id, "conversation:state", &view, others);
                    }
                }
                if hole {
                    self.tear(head.id);
                }
            }
        });
        if head.state == State::Waiting {
            self.0.queue.notify_one();
        }
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

    fn end_where(&self, end: End, wanted: impl Fn(&Session) -> bool) -> usize {
        let gone: Vec<Connected> = self.with(|registry| {
            let all = registry.connected.values();
            let keys: Vec<SessionKey> = all
                .filter(|one| wanted(&one.session))
                .map(|one| one.session.key)
                .collect();
            keys.iter()
                .filter_map(|key| registry.remove(*key))
                .collect()
        });
        for one in &gone {
            finish(one, end);
        }
        gone.len()
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

fn finish(one: &Connected, end: End) {
    one.session.ended.cancel();
    metrics::counter!("chat_sockets_ended_total", "reason" => end.code()).increment(1);
    let notice = json!({"code": end.code(), "message": end.message()});
    if let Err(error) = one.socket.emit("notice", &notice) {
        tracing::debug!(%error, "a socket ends without a word");
    }
    if let Err(error) = one.socket.clone().disconnect() {
        tracing::debug!(%error, "a socket can't be told that it ends");
        cut(&one.session, &one.socket);
    }
}

fn cut(session: &Session, socket: &SocketRef) {
    session.ended.cancel();
    metrics::counter!("chat_sockets_cut_total").increment(1);
    if let Some(wire) = &session.wire {
        wire.cut_session(socket.id.as_str());
    }
}

/// Tells a change of state. Who waits is told with his place, by the task that knows the queue.
fn show_state(registry: &mut Registry, head: &Conversation) {
    if head.state != State::Waiting {
        show(registry, head, state_view(head, None));
    } else if let Some(room) = registry.rooms.get_mut(&head.id)
        && head.version >= room.version
    {
        // Noted here, so that he is told even when the queue can't be read just now.
        room.version = head.version;
        if !std::mem::replace(&mut room.waits, true) {
            // Whatever follows is a change, though nobody may have been told of the waiting.
            room.shown.clear();
        }
    }
}

/// Tells a state unless it, or a newer one, was told.
fn show(registry: &mut Registry, head: &Conversation, view: serde_json::Map<String, Value>) {
    let Some(room) = registry.rooms.get_mut(&head.id) else {
        return;
    };
    if head.version < room.version {
        return;
    }
    room.version = head.version;
    room.waits = head.state == State::Waiting;
    if room.shown == view {
        return;
    }
    room.shown.clone_from(&view);
    registry.push_all(head.id, "conversation:state", &Value::Object(view), |_| {
        true
    });
}

fn show_read(registry: &mut Registry, head: &Conversation) {
    let Some(room) = registry.rooms.get_mut(&head.id) else {
        return;
    };
    let (visitor, staff) = (head.visitor_read, head.staff_read);
    let before = room.read;
    room.read = (before.0.max(visitor), before.1.max(staff));
    for (by, seq, known) in [
        ("visitor", visitor, before.0),
        ("counsellor", staff, before.1),
    ] {
        if seq > known {
            let data = json!({"by": by, "seq": seq});
            registry.push_all(head.id, "read", &data, |_| true);
        }
    }
}
