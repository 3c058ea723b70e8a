//! The marks of who was here within the last second.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use actix_web::{HttpRequest, HttpResponse};
use domain::token::UserId;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::fields::OwnFields;
use super::store;
use super::{Known, MarkError, Marks};
use crate::accounts::Accounts;
use crate::accounts::store::users;
use crate::allergies::{Allergens, Checker, Matches};
use crate::catalogue::{Given, Snapshot};
use crate::db::{Db, DbError, Pool, chain};
use crate::http::caller::Caller;
use crate::http::problem::Problem;
use crate::http::render::language;

/// How old marks may be: another instance may have changed them. This one's changes count at once.
const FRESH: Duration = Duration::from_secs(1);
/// How long an answer waits for marks: medicines are worth more without them than late.
const PATIENCE: Duration = Duration::from_secs(2);
/// What all marks take at most, in bytes.
const CAPACITY: u64 = 8 << 20;
/// Marks of a usual member, in bytes: for the size of the cache's table.
const USUAL: u64 = 400;
/// What an entry takes besides its ids, in bytes.
const OVERHEAD: u64 = 200;
/// Members that share a count of changes: a change by one has the marks of all of them read again.
const STRIPES: usize = 1_024;

/// Where marks are looked up.
#[derive(Debug)]
pub(crate) struct MarkBook {
    accounts: Arc<Accounts>,
    pool: Pool,
    read: Cache<UserId, Entry, Bytes>,
    /// Changes made by this instance, by the hash of the member. Marks that were read before a
    /// change, or while it was made, don't count after it.
    changes: Box<[AtomicU64]>,
    hasher: RandomState,
}

#[derive(Debug, Clone)]
struct Entry {
    marks: Marks,
    at: Instant,
    /// How many changes there had been when the reading began.
    changes: u64,
}

#[derive(Debug, Clone)]
struct Bytes;

impl Weighter<UserId, Entry> for Bytes {
    fn weight(&self, _: &UserId, entry: &Entry) -> u64 {
        let size = match &entry.marks {
            Marks::Known(known) => known.size(),
            Marks::Unavailable => 0,
        };
        u64::try_from(size)
            .unwrap_or(u64::MAX)
            .saturating_add(OVERHEAD)
    }
}

impl MarkBook {
    /// Marks of this database's members.
    pub(crate) fn new(accounts: Arc<Accounts>, pool: Pool) -> Self {
        let items = usize::try_from(CAPACITY / USUAL).unwrap_or(usize::MAX);
        Self {
            accounts,
            pool,
            read: Cache::with_weighter(items, CAPACITY, Bytes),
            changes: (0..STRIPES).map(|_| AtomicU64::new(0)).collect(),
            hasher: RandomState::new(),
        }
    }

    /// Reads something of a member's own.
    ///
    /// # Errors
    /// [`MarkError::NoMember`] where there is none; database errors.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        id: &UserId,
        work: impl FnOnce(&mut Db, i64) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, MarkError> {
        let id = id.clone();
        let reading = self.pool.run(move |db| match store::key_of(db, &id)? {
            Some(key) => work(db, key).map(Some),
            None => Ok(None),
        });
        reading.await?.ok_or(MarkError::NoMember)
    }

    /// Changes something of a member's own that marks follow from, in one transaction that holds him:
    /// his changes go one after another, whichever instance makes them. `work` may run several times.
    ///
    /// # Errors
    /// [`MarkError::NoMember`] where there is none; database errors.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        id: &UserId,
        mut work: impl FnMut(&mut Db, i64) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, MarkError> {
        let member = id.clone();
        let changing = self.pool.run(move |db| {
            db.write_tx(|db| match users::hold_by_id(db, &member)? {
                Some(key) => work(db, key).map(Some),
                None => Ok(None),
            })
        });
        let changed = changing.await;
        // Also after an error: a connection that broke says nothing of the commit.
        self.forget(id);
        changed?.ok_or(MarkError::NoMember)
    }

    /// A member has changed something that marks follow from. Called after it was committed and
    /// before the member hears of it.
    pub(crate) fn forget(&self, id: &UserId) {
        if let Some(changes) = self.changes_of(id) {
            changes.fetch_add(1, Ordering::AcqRel);
        }
        self.read.remove(id);
    }

    /// What a member's allergies mean in a snapshot; nothing where they can't be had.
    pub(crate) async fn allergies(
        &self,
        id: &UserId,
        snapshot: &Arc<Snapshot>,
    ) -> Option<Arc<Matches>> {
        self.of(id).await.allergies(snapshot)
    }

    /// The marks of a member.
    async fn of(&self, id: &UserId) -> Marks {
        let changes = self.changes_of(id);
        let changes = changes.map_or(0, |changes| changes.load(Ordering::Acquire));
        let known = self.read.get(id);
        if let Some(entry) = known.filter(|entry| entry.changes == changes)
            && entry.at.elapsed() < FRESH
        {
            return entry.marks;
        }
        // From before the reading, so that nothing is older than it says.
        let at = Instant::now();
        let marks = self.look_up(id.clone()).await;
        let entry = Entry {
            marks: marks.clone(),
            at,
            changes,
        };
        self.read.insert(id.clone(), entry);
        marks
    }

    async fn look_up(&self, id: UserId) -> Marks {
        let allergens = Allergens::load(Arc::clone(&self.accounts), id.clone());
        let reading = self.pool.run(move |db| store::read(db, &id));
        let reading = tokio::time::timeout(PATIENCE, reading);
        let (stored, allergens) = tokio::join!(reading, allergens);
        let why = match stored {
            Ok(Ok(stored)) => return Marks::Known(Arc::new(Known::new(stored, allergens))),
            Ok(Err(error)) => {
                let cause = chain(&error);
                match error {
                    DbError::Unavailable(_) | DbError::Busy(_) => cause,
                    _ => {
                        tracing::error!(cause, "marks can't be read");
                        return Marks::Unavailable;
                    }
                }
            }
            Err(_) => "the database takes too long".to_owned(),
        };
        tracing::warn!(cause = why, "answers go without marks");
        Marks::Unavailable
    }

    fn changes_of(&self, id: &UserId) -> Option<&AtomicU64> {
        let hash = self.hasher.hash_one(id);
        let stripes = u64::try_from(self.changes.len()).unwrap_or(u64::MAX);
        let stripe = hash.checked_rem(stripes)?;
        self.changes.get(usize::try_from(stripe).ok()?)
    }

    /// The answer for this caller: with his marks where he is signed in. Who is suspended reads as
    /// everybody does: nothing of what he may not use is shown.
    ///
    /// # Errors
    /// 500 where marks can't be written as JSON, which is a fault of ours.
    pub(crate) async fn respond(
        &self,
        request: &HttpRequest,
        caller: &Caller,
        given: &Given,
    ) -> Result<HttpResponse, Problem> {
        let member = caller.member().filter(|member| !member.suspended);
        let Some(member) = member else {
            return Ok(given.rendered.respond(request, given.freshness));
        };
        let marks = self.of(&member.id).await;
        let allergies = marks.allergies(&given.view.snapshot);
        let checker = Checker::new(allergies, language(request.headers()));
        let own = |medicine| OwnFields::new(&marks, &checker, &given.view, medicine);
        let marked = given.rendered.with_fields(own)?;
        Ok(marked.respond(request, given.freshness))
    }
}
