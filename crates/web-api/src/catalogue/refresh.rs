//! Keeps an instance's view of the catalogue up to date.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::catalogue::MedicineId;
use service_kit::ops::{Dependency, Health};
use tokio_util::sync::CancellationToken;

use super::snapshot::{Popularity, Snapshot, SnapshotBuilder};
use super::state::{Current, View};
use super::store::{self, Pointer};
use crate::db::{Db, DbError, Pool};
use crate::wishes::store::counts;

/// Counting wishes may take a twentieth of the time at most: with many of them it happens less often.
const WISH_SHARE: u32 = 20;

/// Rounds in which a snapshot is read again because the pointer moved meanwhile.
const MAX_ROUNDS: usize = 3;

type Wishes = Vec<(MedicineId, u32)>;

/// The task that follows the database.
pub(crate) struct Refresher {
    pool: Pool,
    current: Arc<Current>,
    health: Health,
    database: Dependency,
    catalogue: Dependency,
    /// The log knows why the database doesn't answer.
    outage_told: bool,
    /// Cancelled once the schema is up to date: the database may have been down at start.
    schema_ready: CancellationToken,
    /// Counts that the published popularity was made from.
    wishes: Wishes,
    wishes_due: Instant,
}

impl Refresher {
    /// Brings the schema behind `pool` up to date, then follows it and publishes to `current`.
    pub(crate) fn new(
        pool: Pool,
        current: Arc<Current>,
        health: &Health,
        schema_ready: CancellationToken,
    ) -> Self {
        // Both are down until the first look has ended: a server that has just started sends people
        // to those that have a catalogue already.
        let catalogue = health.register("catalogue");
        let database = health.register("database");
        Self {
            pool,
            current,
            health: health.clone(),
            database,
            catalogue,
            outage_told: false,
            schema_ready,
            wishes: Vec::new(),
            wishes_due: Instant::now(),
        }
    }

    /// Looks at the database every `interval` until `stop`.
    pub(crate) async fn run(mut self, interval: Duration, stop: CancellationToken) {
        loop {
            self.refresh().await;
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(interval) => {}
            }
        }
    }

    /// One look at the database. An error leaves everything as it is: the next look comes.
    pub(crate) async fn refresh(&mut self) {
        let outcome = self.follow().await;
        match outcome {
            Ok(()) => {
                self.outage_told = false;
                self.database.up();
            }
            Err(error) => {
                let cause: &dyn std::error::Error = &error;
                // The cause of an outage is told once, not every few seconds.
                if !self.outage_told {
                    self.outage_told = true;
                    tracing::warn!(error = cause, "the catalogue can't be refreshed");
                } else {
                    tracing::debug!(error = cause, "the catalogue still can't be refreshed");
                }
                self.database
                    .degraded("the database does not answer; reads go on from memory");
                if self.current.view().is_err() {
                    self.catalogue
                        .degraded("the catalogue has not been loaded yet");
                }
            }
        }
        if let Ok(view) = self.current.view() {
            let age = chrono::Utc::now().signed_duration_since(view.as_of());
            metrics::gauge!("catalogue_age_seconds")
                .set(age.to_std().map_or(0.0, |age| age.as_secs_f64()));
        }
    }

    async fn follow(&mut self) -> Result<(), DbError> {
        if !self.schema_ready.is_cancelled() {
            let names = self.pool.migrate().await?;
            if !names.is_empty() {
                tracing::info!(?names, "the schema was brought up to date");
            }
            self.schema_ready.cancel();
        }
        let known = self.current.view().ok();
        let version = known.as_ref().map(|view| view.snapshot.pointer().version);
        let Some(pointer) = self.pool.run(store::pointer).await? else {
            self.catalogue
                .degraded("the catalogue was never synchronised");
            return Ok(());
        };
        match known {
            Some(view) if version == Some(pointer.version) => self.count_wishes(&view).await,
            _ => self.load().await,
        }
    }

    /// Reads a whole generation, on a blocking thread.
    async fn load(&mut self) -> Result<(), DbError> {
        let begun = Instant::now();
        let (snapshot, wishes, popularity) = self.pool.run(read).await?;
        let pointer = snapshot.pointer();
        let products = snapshot.listed().len();
        tracing::info!(
            version = pointer.version,
            products,
            withdrawn = snapshot.len() - products,
            duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            "the catalogue was loaded"
        );
        let view = View::new(Arc::new(snapshot), Arc::new(popularity));
        self.current.publish(view);
        self.wishes = wishes;
        self.catalogue.up();
        self.health.set_data_as_of(Some(pointer.synced_at));
        self.health.set_fact("version", pointer.version);
        self.health.set_fact("products", products);
        metrics::gauge!("catalogue_products")
            .set(f64::from(u32::try_from(products).unwrap_or(u32::MAX)));
        Ok(())
    }

    /// Sorts the catalogue anew where people's wishes changed.
    async fn count_wishes(&mut self, view: &View) -> Result<(), DbError> {
        let begun = Instant::now();
        if begun < self.wishes_due {
            return Ok(());
        }
        let wishes = self.pool.run(sorted_wishes).await?;
        self.wishes_due = Instant::now() + begun.elapsed() * WISH_SHARE;
        if wishes == self.wishes {
            return Ok(());
        }
        let snapshot = Arc::clone(&view.snapshot);
        let of = Arc::clone(&snapshot);
        let counts = wishes.clone();
        let sorting = tokio::task::spawn_blocking(move || Popularity::new(&of, &counts));
        let popularity = Arc::new(sorting.await.map_err(DbError::data)?);
        self.current.publish(View::new(snapshot, popularity));
        self.wishes = wishes;
        Ok(())
    }
}

fn sorted_wishes(db: &mut Db) -> Result<Wishes, DbError> {
    let mut wishes = counts(db)?;
    wishes.sort_unstable();
    Ok(wishes)
}

/// One whole generation. A swap may happen while it is read, and its rows may then be cleaned away:
/// what was read counts only if the pointer still stands where it stood.
fn read(db: &mut Db) -> Result<(Snapshot, Wishes, Popularity), DbError> {
    for _ in 0..MAX_ROUNDS {
        let Some(pointer) = store::pointer(db)? else {
            break;
        };
        let snapshot = read_generation(db, pointer)?;
        if store::pointer(db)? == Some(pointer) {
            let wishes = sorted_wishes(db)?;
            let popularity = Popularity::new(&snapshot, &wishes);
            return Ok((snapshot, wishes, popularity));
        }
    }
    Err(DbError::data(
        "the catalogue moves faster than it can be read",
    ))
}

fn read_generation(db: &mut Db, pointer: Pointer) -> Result<Snapshot, DbError> {
    let count = store::count_medicines(db, pointer.generation)?;
    let mut builder = SnapshotBuilder::with_capacity(count);
    store::for_each_medicine(db, pointer.generation, |medicine| builder.add(medicine))?;
    Ok(builder.build(pointer, store::ingredients(db)?))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use service_kit::ops::{Health, Readiness};
    use tokio_util::sync::CancellationToken;

    use super::Refresher;
    use crate::catalogue::Current;
    use crate::db::{DatabaseSettings, Pool};

    #[tokio::test]
    async fn nobody_is_sent_here_before_the_first_look() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("web.db").display());
        let settings = DatabaseSettings {
            url: url.parse().unwrap(),
            pool_size: 1,
        };
        let health = Health::new();
        let mut refresher = Refresher::new(
            Pool::new(&settings),
            Arc::new(Current::default()),
            &health,
            CancellationToken::new(),
        );
        assert_eq!(health.readiness(), Readiness::NotReady);
        refresher.refresh().await;
        // A database without a catalogue: the first synchronisation may begin.
        assert_eq!(health.readiness(), Readiness::Degraded);

        let folder_in_the_way = folder.path().join("folder.db");
        std::fs::create_dir(&folder_in_the_way).unwrap();
        let url = format!("sqlite://{}", folder_in_the_way.display());
        let settings = DatabaseSettings {
            url: url.parse().unwrap(),
            pool_size: 1,
        };
        let health = Health::new();
        let mut refresher = Refresher::new(
            Pool::new(&settings),
            Arc::new(Current::default()),
            &health,
            CancellationToken::new(),
        );
        refresher.refresh().await;
        assert_eq!(health.readiness(), Readiness::Degraded);
    }
}
