//! Which counsellors sit at this instance, and what their consoles show.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use serde_json::Value;
use tokio::sync::Notify;
use tokio::time::Instant;
use uuid::Uuid;

use super::console_watch::Shown;
use super::session::{Session, SessionKey};
use crate::identity::Staff;
use crate::store::Colleague;
use crate::store::model::{ConversationId, Moment, StaffId};

/// The counsellors' side of this instance; a cheap handle.
#[derive(Clone)]
pub(crate) struct Console(Arc<Inner>);

struct Inner {
    known: Mutex<Known>,
    moved: Notify,
    /// Names this run of this instance in the store.
    instance: String,
    lease: TimeDelta,
}

#[derive(Default)]
struct Known {
    seats: HashMap<SessionKey, Seat>,
    /// Everybody who has a seat.
    here: HashMap<StaffId, Here>,
    /// Whose last socket has closed, and whose presence isn't taken back yet.
    gone: HashSet<StaffId>,
}

/// A socket of a counsellor.
struct Seat {
    session: Arc<Session>,
    staff: StaffId,
    /// Conversations of his that this socket knows of, and whether it follows them.
    mine: HashMap<ConversationId, bool>,
    /// What it was shown; `None`: it hasn't opened its console.
    shown: Option<Shown>,
}

/// A counsellor who is here.
struct Here {
    colleague: Colleague,
    /// When the store last had a sign of life.
    beaten: Option<Instant>,
}

/// A socket whose console is open, to be told what has changed.
pub(super) struct Watcher {
    pub(super) key: SessionKey,
    pub(super) staff: StaffId,
    /// As the store is looked at: what comes meanwhile isn't taken for lost.
    pub(super) mine: Vec<ConversationId>,
}

impl Console {
    /// Nobody is here.
    pub(crate) fn new(lease: TimeDelta) -> Self {
        Self(Arc::new(Inner {
            known: Mutex::default(),
            moved: Notify::new(),
            instance: Uuid::new_v4().to_string(),
            lease,
        }))
    }

    /// How long a counsellor may give no sign of life.
    pub(crate) fn lease(&self) -> TimeDelta {
        self.0.lease
    }

    /// What this instance is called among those that share the store.
    pub(crate) fn instance(&self) -> &str {
        &self.0.instance
    }

    /// A counsellor's socket is here: from now on it keeps his conversations. Gives what colleagues are told of
    /// him; `known` is what other instances know.
    pub(crate) fn enter(
        &self,
        session: &Arc<Session>,
        staff: &Staff,
        known: Option<&Colleague>,
        now: Moment,
    ) -> Colleague {
        self.with(|all| {
            all.gone.remove(&staff.id);
            all.seats.entry(session.key).or_insert_with(|| Seat {
                session: Arc::clone(session),
                staff: staff.id.clone(),
                mine: HashMap::new(),
                shown: None,
            });
            let here = all.here.entry(staff.id.clone()).or_insert_with(|| Here {
                colleague: Colleague {
                    counsellor: staff.counsellor(),
                    available: known.is_none_or(|known| known.available),
                    said_at: known.map_or(now, |known| known.said_at),
                },
                beaten: None,
            });
            here.colleague.counsellor = staff.counsellor();
            if let Some(known) = known.filter(|one| one.said_at > here.colleague.said_at) {
                here.colleague.available = known.available;
                here.colleague.said_at = known.said_at;
            }
            here.colleague.clone()
        })
    }

    /// Whether a counsellor's socket is known, and the store has had a sign of life of him.
    pub(crate) fn knows(&self, key: SessionKey, staff: &StaffId) -> bool {
        self.with(|all| {
            let seat = all.seats.get(&key);
            let here = all.here.get(staff);
            seat.is_some_and(|seat| seat.staff == *staff)
                && here.is_some_and(|here| here.beaten.is_some())
        })
    }

    /// A counsellor takes conversations, or doesn't.
    pub(crate) fn set_available(
        &self,
        staff: &StaffId,
        available: bool,
        now: Moment,
    ) -> Option<Colleague> {
        self.with(|all| {
            let here = all.here.get_mut(staff)?;
            here.colleague.available = available;
            here.colleague.said_at = now.max(here.colleague.said_at);
            Some(here.colleague.clone())
        })
    }

    /// A socket has been shown its console: it is told of every change of it.
    pub(crate) fn open(&self, session: &Arc<Session>, shown: Shown) {
        self.with(|all| {
            if let Some(seat) = all.seats.get_mut(&session.key) {
                let follows = std::mem::take(&mut seat.mine);
                let known = |id: &ConversationId| follows.get(id).copied().unwrap_or(false);
                seat.mine = shown.mine.iter().map(|id| (*id, known(id))).collect();
                seat.shown = Some(shown);
            }
        });
        self.moved();
    }

    /// A socket follows a conversation of its counsellor's.
    pub(crate) fn follows(&self, key: SessionKey, id: ConversationId) {
        self.with(|all| {
            if let Some(seat) = all.seats.get_mut(&key) {
                seat.mine.insert(id, true);
            }
        });
    }

    /// Something that consoles show may have changed.
    pub(crate) fn moved(&self) {
        self.0.moved.notify_one();
    }

    pub(super) async fn until_moved(&self) {
        self.0.moved.notified().await;
    }

    /// Takes out sockets that have closed, and those whose proof makes nobody a counsellor any more. Gives the
    /// counsellors of whom none is left, until [`left`](Self::left).
    pub(super) fn prune(&self) -> Vec<StaffId> {
        self.with(|all| {
            all.seats.retain(|_, seat| {
                let is = |staff: &Staff| staff.id == seat.staff;
                !seat.session.ended.is_cancelled()
                    && seat.session.read(|who| who.staff.as_ref().is_some_and(is))
            });
            let stays: HashSet<StaffId> =
                all.seats.values().map(|seat| seat.staff.clone()).collect();
            let (here, gone) = (&mut all.here, &mut all.gone);
            here.retain(|staff, _| {
                let stays = stays.contains(staff);
                if !stays {
                    gone.insert(staff.clone());
                }
                stays
            });
            all.gone.iter().cloned().collect()
        })
    }

    /// The store knows that a counsellor is gone.
    pub(super) fn left(&self, staff: &StaffId) {
        self.with(|all| {
            all.gone.remove(staff);
            // Back already: what was just taken back is noted anew.
            if let Some(here) = all.here.get_mut(staff) {
                here.beaten = None;
            }
        });
    }

    /// Counsellors whose next sign of life is due.
    pub(super) fn due(&self, now: Instant) -> Vec<Colleague> {
        let pause = self.0.lease.to_std().unwrap_or_default() / 3;
        let is_due = |here: &&Here| {
            let since = here.beaten.map(|at| now.saturating_duration_since(at));
            since.is_none_or(|since| since >= pause)
        };
        self.with(|all| {
            let due = all.here.values().filter(is_due);
            due.map(|here| here.colleague.clone()).collect()
        })
    }

    /// The store has had a sign of life.
    pub(crate) fn beaten(&self, staff: &StaffId, at: Instant) {
        self.with(|all| {
            if let Some(here) = all.here.get_mut(staff) {
                here.beaten = Some(at);
            }
        });
    }

    /// Everybody whose console is open.
    pub(super) fn watchers(&self) -> Vec<Watcher> {
        self.with(|all| {
            let open = all.seats.iter().filter(|(_, seat)| seat.shown.is_some());
            open.map(|(key, seat)| Watcher {
                key: *key,
                staff: seat.staff.clone(),
                mine: seat.mine.keys().copied().collect(),
            })
            .collect()
        })
    }

    /// Notes what a socket is shown; gives what of it has changed.
    pub(super) fn show(
        &self,
        key: SessionKey,
        queue: &Value,
        colleagues: &Value,
    ) -> Vec<&'static str> {
        self.with(|all| {
            let seat = all.seats.get_mut(&key);
            let Some(shown) = seat.and_then(|seat| seat.shown.as_mut()) else {
                return Vec::new();
            };
            let mut changed = Vec::new();
            if shown.queue != *queue {
                shown.queue.clone_from(queue);
                changed.push("console:queue");
            }
            if shown.colleagues != *colleagues {
                shown.colleagues.clone_from(colleagues);
                changed.push("console:presence");
            }
            changed
        })
    }

    /// Whether a socket has to be told that a conversation is its counsellor's: it didn't know, or it has lost it
    /// meanwhile (`follows`: whether it is told what is said there).
    pub(super) fn is_new(&self, key: SessionKey, id: ConversationId, follows: bool) -> bool {
        self.with(|all| {
            let Some(seat) = all.seats.get_mut(&key) else {
                return false;
            };
            let lost = seat.mine.get(&id).is_some_and(|known| *known && !follows);
            if lost || !seat.mine.contains_key(&id) {
                seat.mine.insert(id, false);
                return true;
            }
            false
        })
    }

    /// A conversation isn't a socket's any more; whether it knew of it.
    pub(super) fn release(&self, key: SessionKey, id: ConversationId) -> bool {
        self.with(|all| {
            let seat = all.seats.get_mut(&key);
            seat.is_some_and(|seat| seat.mine.remove(&id).is_some())
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Known) -> T) -> T {
        work(&mut self.0.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
