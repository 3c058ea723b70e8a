//! Telling those who follow a conversation what has changed in it.

use serde_json::{Map, Value, json};

use super::registry::Registry;
use super::room::Told;
use super::session::{Session, SessionKey};
use super::{Hub, state_view};
use crate::store::model::{Changed, Conversation, Seq, State};

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
pub(super) fn show(registry: &mut Registry, head: &Conversation, view: Map<String, Value>) {
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
