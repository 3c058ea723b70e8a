//! One socket, as far as it isn't the library's.

use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use crate::gateway::Seat;
use crate::http::Wire;
use crate::identity::Identity;
use crate::store::model::{ConversationId, Moment};

/// Names a socket on this server. The library's own id would let whoever learns it take over a polling session,
/// so it is used for nothing.
pub(crate) type SessionKey = u64;

static NEXT: AtomicU64 = AtomicU64::new(1);

/// A socket: who it is, and what it does just now.
#[derive(Debug)]
pub(crate) struct Session {
    /// Its name.
    pub(crate) key: SessionKey,
    /// Where it comes from.
    pub(crate) address: IpAddr,
    /// Cancelled when it has ended: nothing more is done for it.
    pub(crate) ended: CancellationToken,
    /// Cancelled when the hub knows it. The library tells a client that it is connected before that.
    pub(crate) entered: CancellationToken,
    /// Its TCP connection, where it is one.
    pub(crate) wire: Option<Arc<Wire>>,
    identity: RwLock<Identity>,
    /// [`Identity::until`] in milliseconds, read several times a second.
    until: AtomicI64,
    /// When an event of it was let in last, in milliseconds; 0: none.
    used_at: AtomicI64,
    conversation: Mutex<Option<ConversationId>>,
    sending: Mutex<Option<String>>,
    /// Counts against the limits until the socket is gone.
    _seat: Seat,
}

impl Session {
    pub(crate) fn new(
        identity: Identity,
        address: IpAddr,
        wire: Option<Arc<Wire>>,
        seat: Seat,
    ) -> Self {
        Self {
            key: NEXT.fetch_add(1, Ordering::Relaxed),
            address,
            ended: CancellationToken::new(),
            entered: CancellationToken::new(),
            wire,
            until: AtomicI64::new(identity.until.timestamp_millis()),
            identity: RwLock::new(identity),
            used_at: AtomicI64::new(0),
            conversation: Mutex::default(),
            sending: Mutex::default(),
            _seat: seat,
        }
    }

    /// Who it is now.
    pub(crate) fn identity(&self) -> Identity {
        self.read(Identity::clone)
    }

    /// Looks at who it is.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&Identity) -> T) -> T {
        look(&self.identity.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Another proof of the same person.
    pub(crate) fn renew(&self, identity: Identity) {
        let until = identity.until.timestamp_millis();
        *self
            .identity
            .write()
            .unwrap_or_else(PoisonError::into_inner) = identity;
        self.until.store(until, Ordering::Release);
    }

    /// Notes that an event of it was let in.
    pub(crate) fn used(&self, now: Moment) {
        self.used_at.fetch_max(now.millis(), Ordering::Relaxed);
    }

    /// When an event of it was let in last.
    pub(crate) fn used_at(&self) -> Moment {
        Moment::from_millis(self.used_at.load(Ordering::Relaxed))
    }

    /// Whether its proof is over.
    pub(crate) fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.until.load(Ordering::Acquire) <= now.timestamp_millis()
    }

    /// The visitor's own conversation, once it is known.
    pub(crate) fn conversation(&self) -> Option<ConversationId> {
        *lock(&self.conversation)
    }

    /// Notes the visitor's own conversation.
    pub(crate) fn set_conversation(&self, id: Option<ConversationId>) {
        *lock(&self.conversation) = id;
    }

    /// The message that it is sending, by [`Draft::key`](crate::store::model::Draft::key): its answer tells it
    /// of that one, not the hub.
    pub(crate) fn set_sending(&self, key: Option<String>) {
        *lock(&self.sending) = key;
    }

    /// Whether it is sending this message.
    pub(crate) fn sends(&self, key: &str) -> bool {
        lock(&self.sending).as_deref() == Some(key)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
