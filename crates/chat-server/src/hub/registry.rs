//! All sockets of this server and the conversations that they follow.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};
use socketioxide::extract::SocketRef;

use super::room::{Progress, Room, Told};
use super::session::{Session, SessionKey};
use super::{console_views, views};
use crate::identity::Staff;
use crate::store::model::{Conversation, ConversationId, Seq};

/// A socket that is connected.
pub(super) struct Connected {
    pub(super) session: Arc<Session>,
    pub(super) socket: SocketRef,
    /// What it follows.
    follows: Vec<ConversationId>,
}

/// What the hub knows. Pushes are made under its lock, which is what keeps their order: they only put a packet
/// into a buffer and never wait.
#[derive(Default)]
pub(super) struct Registry {
    pub(super) connected: HashMap<SessionKey, Connected>,
    pub(super) rooms: HashMap<ConversationId, Room>,
    /// Sockets that don't read what they are sent; they are cut once the lock is free.
    slow: Vec<SessionKey>,
}

impl Registry {
    pub(super) fn insert(&mut self, session: Arc<Session>, socket: SocketRef) {
        let connected = Connected {
            session,
            socket,
            follows: Vec::new(),
        };
        self.connected.insert(connected.session.key, connected);
    }

    pub(super) fn remove(&mut self, key: SessionKey) -> Option<Connected> {
        let gone = self.connected.remove(&key)?;
        for id in &gone.follows {
            self.leave_room(key, *id);
        }
        Some(gone)
    }

    pub(super) fn join(&mut self, key: SessionKey, id: ConversationId) -> bool {
        let Some(connected) = self.connected.get_mut(&key) else {
            return false;
        };
        if !connected.follows.contains(&id) {
            connected.follows.push(id);
        }
        let held = Progress::Held(Vec::new());
        self.rooms.entry(id).or_default().members.insert(key, held);
        true
    }

    pub(super) fn leave(&mut self, key: SessionKey, id: ConversationId) {
        if let Some(connected) = self.connected.get_mut(&key) {
            connected.follows.retain(|one| *one != id);
        }
        self.leave_room(key, id);
    }

    fn leave_room(&mut self, key: SessionKey, id: ConversationId) {
        if let Some(room) = self.rooms.get_mut(&id) {
            room.members.remove(&key);
            if room.members.is_empty() {
                self.rooms.remove(&id);
            }
        }
    }

    /// The answer of a join has been sent: it told everything up to a number. Gives whether messages have to be
    /// read again from the store.
    pub(super) fn release(&mut self, key: SessionKey, id: ConversationId, last_seq: Seq) -> bool {
        let Some(room) = self.rooms.get_mut(&id) else {
            return false;
        };
        let goes_back = room.release(key, last_seq);
        self.flush(id);
        goes_back
    }

    /// Sockets that are sending this message: their answer tells them of it.
    pub(super) fn senders(&self, id: ConversationId, message_key: &str) -> Vec<SessionKey> {
        let members = self.rooms.get(&id).map(|room| room.members.keys());
        members
            .into_iter()
            .flatten()
            .filter(|key| {
                let connected = self.connected.get(*key);
                connected.is_some_and(|one| one.session.sends(message_key))
            })
            .copied()
            .collect()
    }

    /// Tells everything that can be told.
    pub(super) fn flush(&mut self, id: ConversationId) {
        let Some(room) = self.rooms.get_mut(&id) else {
            return;
        };
        for (key, told) in room.deliver() {
            self.tell(key, id, &told);
        }
    }

    fn tell(&mut self, key: SessionKey, id: ConversationId, told: &Told) {
        let staff = self
            .connected
            .get(&key)
            .is_some_and(|one| one.session.conversation() != Some(id));
        if staff {
            let view = console_views::message(&told.message);
            let data = json!({"conversationId": id, "message": view});
            self.push(key, "console:conversation", &data);
        } else {
            self.push(key, "message", &views::message(&told.message));
        }
    }

    /// Takes out counsellors who don't hold the conversation: they are told nothing more of it. Called before
    /// anything is told, so that nobody hears what was said after he gave it away.
    pub(super) fn keep_holder(&mut self, head: &Conversation) {
        let Some(room) = self.rooms.get_mut(&head.id) else {
            return;
        };
        if head.version < room.holder_version {
            return;
        }
        room.holder_version = head.version;
        let keys: Vec<SessionKey> = room.members.keys().copied().collect();
        for key in keys {
            let stays = self.connected.get(&key).is_some_and(|one| {
                let holds = |staff: &Staff| head.is_held_by(&staff.id);
                one.session.conversation() == Some(head.id)
                    || one
                        .session
                        .read(|who| who.staff.as_ref().is_some_and(holds))
            });
            if !stays {
                self.leave(key, head.id);
            }
        }
    }

    /// Sends to one socket. One whose buffer is full has lost something: it must come again.
    pub(super) fn push(&mut self, key: SessionKey, event: &str, data: &Value) {
        let Some(connected) = self.connected.get(&key) else {
            return;
        };
        match connected.socket.emit(event, data) {
            Ok(()) => {}
            Err(socketioxide::SendError::Socket(socketioxide::SocketError::Closed)) => {
                tracing::debug!(event, "the socket closes");
            }
            Err(error) => {
                tracing::debug!(%error, event, "a socket takes nothing any more");
                self.slow.push(key);
            }
        }
    }

    /// Sends to all who follow a conversation, or to those that `wanted` names.
    pub(super) fn push_all(
        &mut self,
        id: ConversationId,
        event: &str,
        data: &Value,
        wanted: impl Fn(&Session) -> bool,
    ) {
        let Some(room) = self.rooms.get(&id) else {
            return;
        };
        let keys: Vec<SessionKey> = room.members.keys().copied().collect();
        for key in keys {
            let connected = self.connected.get(&key);
            let Some(own) = connected.filter(|one| wanted(&one.session)) else {
                continue;
            };
            if own.session.conversation() == Some(id) {
                self.push(key, event, data);
            } else {
                let name = event.rsplit(':').next().unwrap_or(event);
                let data = json!({"conversationId": id, name: data});
                self.push(key, "console:conversation", &data);
            }
        }
    }

    /// Takes out those who lost something.
    pub(super) fn take_slow(&mut self) -> Vec<Connected> {
        let slow = std::mem::take(&mut self.slow);
        slow.into_iter()
            .filter_map(|key| self.remove(key))
            .collect()
    }
}
