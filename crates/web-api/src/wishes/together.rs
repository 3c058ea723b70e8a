//! Wishes of many members who come at the same time, stored by one transaction.
//!
//! A transaction costs the way to the database several times and the disk once, whatever stands in it. So who comes
//! while others' wishes are being stored waits for his turn, and whoever has the next one takes what waits with him.
//! Alone, nobody waits for anything.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::catalogue::MedicineId;
use domain::token::UserId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::timeout;

use super::batch::{Change, change_all};
use super::store::{self, Added};
use crate::db::{Db, Pool, chain};
use crate::marks::{MarkBook, MarkError};

/// Changes of one transaction, at most: who is held by it waits for all of them.
const BATCH: usize = 32;
/// Transactions that one turn makes at most: turns end, so that who gave up isn't worked for.
const BATCHES: usize = 8;
/// How long one waits for a turn: as long as for a connection elsewhere. Then each tries, and fails, by himself.
const PATIENCE: Duration = Duration::from_secs(5);
/// Turns at a time on a server, which works on several transactions at once.
const TURNS: usize = 2;

/// Where wishes are changed.
#[derive(Debug)]
pub(crate) struct Together {
    marks: Arc<MarkBook>,
    pool: Pool,
    waiting: Arc<Waiting>,
    turns: Arc<Semaphore>,
}

/// Who waits, in order.
#[derive(Debug, Default)]
struct Waiting(Mutex<VecDeque<Ask>>);

#[derive(Debug)]
struct Ask {
    change: Change,
    /// Is told whether the change is made; dropped where that isn't known.
    answer: oneshot::Sender<bool>,
}

impl Together {
    /// Changes wishes in this database, and tells `marks` of it.
    pub(crate) fn new(marks: Arc<MarkBook>, pool: &Pool) -> Arc<Self> {
        // SQLite has one writer anyhow: others would only wait in its way, which is to sleep and look.
        let turns = if pool.url().is_embedded() { 1 } else { TURNS };
        Arc::new(Self {
            marks,
            pool: pool.clone(),
            waiting: Arc::default(),
            turns: Arc::new(Semaphore::new(turns)),
        })
    }

    /// Stores a wish.
    ///
    /// # Errors
    /// [`MarkError::NoMember`] where there is none; database errors.
    pub(crate) async fn add(&self, id: &UserId, medicine: MedicineId) -> Result<Added, MarkError> {
        if self.made(id, medicine, true).await {
            return Ok(Added::New);
        }
        let adding = move |db: &mut Db, key| store::add(db, key, medicine);
        self.marks.change(id, adding).await
    }

    /// Takes a wish back.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub(crate) async fn remove(&self, id: &UserId, medicine: MedicineId) -> Result<(), MarkError> {
        if self.made(id, medicine, false).await {
            return Ok(());
        }
        let removing = move |db: &mut Db, key| store::remove(db, key, medicine);
        self.marks.change(id, removing).await.map(|_| ())
    }

    /// Waits for a turn, one's own or that of somebody who takes this change with him; says whether it is made. What
    /// isn't needs a closer look: the caller makes it by himself.
    async fn made(&self, member: &UserId, medicine: MedicineId, wished: bool) -> bool {
        let change = Change {
            member: member.clone(),
            medicine,
            wished,
        };
        let (answer, mut answered) = oneshot::channel();
        self.waiting.lock().push_back(Ask { change, answer });
        let turn = tokio::select! {
            biased;
            made = &mut answered => return made.unwrap_or(false),
            turn = timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()) => turn,
        };
        let Ok(Ok(turn)) = turn else {
            return false;
        };
        let (waiting, marks) = (Arc::clone(&self.waiting), Arc::clone(&self.marks));
        let storing = self.pool.run(move |db| {
            waiting.store(db, &marks, turn);
            Ok(())
        });
        if let Err(error) = storing.await {
            // Nobody worked on it: `change` meets the same and tells the client.
            tracing::debug!(cause = %chain(&error), "no turn for wishes");
            return false;
        }
        answered.await.unwrap_or(false)
    }
}

impl Waiting {
    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Ask>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next ones whose clients are still there.
    fn next(&self) -> Vec<Ask> {
        let mut waiting = self.lock();
        let mut batch = Vec::new();
        while batch.len() < BATCH
            && let Some(ask) = waiting.pop_front()
        {
            if !ask.answer.is_closed() {
                batch.push(ask);
            }
        }
        batch
    }

    /// One turn.
    fn store(&self, db: &mut Db, marks: &MarkBook, turn: OwnedSemaphorePermit) {
        for _ in 0..BATCHES {
            let batch = self.next();
            if batch.is_empty() {
                break;
            }
            store(db, marks, batch);
        }
        drop(turn);
    }
}

/// Stores a batch and answers those who wait for it.
fn store(db: &mut Db, marks: &MarkBook, batch: Vec<Ask>) {
    let (changes, answers): (Vec<Change>, Vec<_>) = batch
        .into_iter()
        .map(|ask| (ask.change, ask.answer))
        .unzip();
    let made = db.write_tx(|db| change_all(db, &changes));
    // Also after an error: a connection that broke says nothing of the commit.
    for change in &changes {
        marks.forget(&change.member);
    }
    match made {
        Ok(made) => {
            for (answer, made) in answers.into_iter().zip(made) {
                if answer.send(made).is_err() {
                    tracing::trace!("who wished has gone meanwhile");
                }
            }
        }
        // What is wrong may be one's alone: each tries by himself, and hears of his own errors.
        Err(error) => tracing::debug!(cause = %chain(&error), "wishes are stored one by one"),
    }
}
