//! The counsellors' desk: when it is open, how long a wait is, and what happens when nobody does anything.

mod hours;
mod settings;
mod wait;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::clock::Clock;
use tokio_util::sync::CancellationToken;

use crate::hub::Hub;
use crate::store::model::{Changed, Closer, Conversation, ConversationId, Moment, Seq};
use crate::store::{ChangeError, MOST_ROWS, Store, StoreError, Which};

pub use hours::{Hours, opening_text};
pub use settings::DeskSettings;
pub use wait::Wait;

/// Pause between two looks.
const PAUSE: Duration = Duration::from_secs(1);

/// The timers of counselling: one task an instance. Several may run at once, since each step is taken over the
/// state that it was decided on, and whoever comes second is refused.
pub struct Desk {
    store: Store,
    hub: Hub,
    clock: Arc<dyn Clock>,
    settings: DeskSettings,
    hours: Hours,
    wait: Wait,
    /// After which message a visitor was warned, and when. An instance closes only what it has warned itself, a
    /// whole time ago: whoever was cut off (a restart, an outage of the store) is warned anew.
    warned: HashMap<ConversationId, (Seq, Moment)>,
    /// Since when the store has been failing.
    away: Option<Moment>,
    /// Until when nobody is taken for lost: he had no way to give a sign of life.
    patient: Option<Moment>,
}

impl Desk {
    /// A desk that hasn't looked yet.
    #[must_use]
    pub fn new(store: Store, hub: Hub, clock: Arc<dyn Clock>, settings: DeskSettings) -> Self {
        let hours = Hours::new(settings.week.clone());
        Self {
            store,
            hub,
            clock,
            settings,
            hours,
            wait: Wait::default(),
            warned: HashMap::new(),
            away: None,
            patient: None,
        }
    }

    /// The opening hours.
    #[must_use]
    pub fn hours(&self) -> Hours {
        self.hours.clone()
    }

    /// The expected wait.
    #[must_use]
    pub fn wait(&self) -> Wait {
        self.wait.clone()
    }

    /// Looks every second until `stop`, and at once when admins have changed something. What fails is tried
    /// again by the next look; outages are told by the store's own watch.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut edits = self.store.edits();
        // This server may have been the only one: counsellors have to find it again.
        self.be_patient(Moment::from(self.clock.now()));
        loop {
            let now = Moment::from(self.clock.now());
            // Left in the middle, it goes on at the next start.
            tokio::select! {
                looked = self.look(now) => if let Err(error) = looked {
                    tracing::debug!(%error, "the desk could not be looked after");
                },
                () = stop.cancelled() => return,
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                changed = edits.changed() => if changed.is_err() { return },
                () = stop.cancelled() => return,
            }
        }
    }

    /// One look at everything that may be due. What fails doesn't keep the rest from being done.
    ///
    /// # Errors
    /// The first failure of the store.
    pub async fn look(&mut self, now: Moment) -> Result<(), StoreError> {
        if let Some(since) = self.away {
            // Asked before anything is decided by what it holds.
            self.store.waiting().await?;
            self.away = None;
            // Shorter ones don't keep anybody from a sign of life in time.
            if since.plus(self.settings.lease / 3) <= now {
                self.be_patient(now);
            }
        }
        let steps = [
            self.hours.reread(&self.store, now).await,
            self.return_lost(now).await,
            self.escalate(now).await,
            self.look_at_idle(now).await,
            self.wait.reckon(&self.store, now).await,
        ];
        let done: Result<(), StoreError> = steps.into_iter().collect();
        if done.is_err() {
            self.away = Some(now);
        }
        done
    }

    /// Counsellors get another lease, and visitors who couldn't answer another warning.
    fn be_patient(&mut self, now: Moment) {
        self.patient = Some(now.plus(self.settings.lease));
        self.warned.clear();
    }

    async fn return_lost(&self, now: Moment) -> Result<(), StoreError> {
        if self.patient.is_some_and(|until| now < until) {
            return Ok(());
        }
        for changed in self.store.return_lost(now).await? {
            self.hub.changed(&changed);
        }
        Ok(())
    }

    async fn escalate(&self, now: Moment) -> Result<(), StoreError> {
        let after = self.settings.escalate_after;
        for changed in self.store.escalate(after, now).await? {
            if !changed.repeated {
                self.hub.changed(&changed);
            }
        }
        Ok(())
    }

    /// Warns visitors whose turn it is and who say nothing, and closes for those who go on saying nothing.
    async fn look_at_idle(&mut self, now: Moment) -> Result<(), StoreError> {
        let since = now.plus(-self.settings.idle_warning);
        let quiet = Which::QuietSince(since);
        let quiet = self.store.conversations(quiet, MOST_ROWS).await?;
        let mut warned = HashMap::with_capacity(quiet.len());
        for head in quiet {
            let known = self.warned.get(&head.id).copied();
            match known.filter(|(seq, _)| *seq == head.last_seq) {
                None => {
                    warned.insert(head.id, (head.last_seq, now));
                    self.warn(head);
                }
                Some((seq, at)) if at.plus(self.settings.idle_close) <= now => {
                    // Kept until it is closed, so that a failure is no new warning.
                    warned.insert(head.id, (seq, at));
                    self.close(head.id, seq, now).await?;
                }
                Some(known) => {
                    warned.insert(head.id, known);
                }
            }
        }
        self.warned = warned;
        Ok(())
    }

    fn warn(&self, head: Conversation) {
        let last_seq = head.last_seq;
        let closes_in = self.settings.idle_close.num_seconds();
        let changed = Changed {
            conversation: head,
            message: None,
            repeated: true,
            delivery: None,
        };
        self.hub
            .warn_idle(&changed, last_seq, u64::try_from(closes_in).unwrap_or(0));
    }

    async fn close(&self, id: ConversationId, seq: Seq, now: Moment) -> Result<(), StoreError> {
        match self.store.end(id, Closer::Idle(seq), now).await {
            Ok(changed) if !changed.repeated => {
                self.hub.changed(&changed);
                Ok(())
            }
            // Somebody spoke, or another instance was quicker.
            Ok(_) | Err(ChangeError::Refused(_)) => Ok(()),
            Err(ChangeError::Store(error)) => Err(error),
        }
    }
}
