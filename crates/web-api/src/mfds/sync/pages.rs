//! Which pages are to be read, and reading them: network, parsing and writing at the same time.

use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use tokio_util::task::AbortOnDropHandle;

use super::operations::{self, StoredPage, Sums};
use super::outcome::Halt;
use super::page::Content;
use super::{Context, Synchroniser, rejects};
use crate::db::{Db, DbError};
use crate::mfds::Operation;
use crate::mfds::client::{Client, PAGE_ROWS};

/// How often pages are read again because the feed moved, at most; it is read live and never stands
/// quite still. What is still in doubt then counts as incomplete: nothing is delisted.
const ROUNDS: u32 = 4;

/// Pages that are missing, and those that were read when the feed had another total: its records have
/// moved since, so that some may stand on a page that was read before they came there.
fn plan(stored: &[StoredPage]) -> Vec<u32> {
    let Some(latest) = stored.iter().max_by_key(|page| page.fetched_at) else {
        return vec![1];
    };
    let last = latest.total.div_ceil(PAGE_ROWS).max(1);
    (1..=last)
        .filter(|number| {
            !stored
                .iter()
                .any(|page| page.number == *number && page.total == latest.total)
        })
        .collect()
}

fn latest_total(stored: &[StoredPage]) -> u32 {
    stored
        .iter()
        .max_by_key(|page| page.fetched_at)
        .map_or(0, |page| page.total)
}

impl Synchroniser {
    /// Reads what is missing of an operation.
    pub(super) async fn read<C: Content>(
        &self,
        context: &Arc<Context>,
        operation: Operation,
    ) -> Result<(), Halt> {
        let run = context.run;
        let mut rounds = 0;
        loop {
            let stored = self
                .pool
                .run(move |db| operations::pages(db, run, operation))
                .await?;
            let plan = plan(&stored);
            let total = latest_total(&stored);
            let again = plan
                .iter()
                .any(|number| stored.iter().any(|page| page.number == *number));
            if again {
                rounds += 1;
                tracing::info!(%operation, pages = plan.len(), "the feed moved while it was read; reading again");
            }
            if plan.is_empty() || rounds > ROUNDS {
                let ours = Arc::clone(context);
                let sums = self
                    .pool
                    .run(move |db| {
                        db.write_tx(|db| {
                            ours.lease.hold(db)?;
                            operations::refresh(db, run, operation, total)
                        })
                    })
                    .await?;
                self.note(operation, sums);
                tracing::info!(
                    %operation, sums.total, sums.records, sums.rejected, sums.duplicates, sums.complete,
                    "an operation is read"
                );
                return Ok(());
            }
            self.read_pages::<C>(context, operation, plan).await?;
        }
    }

    async fn read_pages<C: Content>(
        &self,
        context: &Arc<Context>,
        operation: Operation,
        plan: Vec<u32>,
    ) -> Result<(), Halt> {
        // Tasks, not plain futures: they go on while a page is written. In order, so that of a record
        // that comes twice the later one is kept, whichever answer was faster.
        let mut pages = stream::iter(plan)
            .map(|number| {
                let task = fetch::<C>(self.client.clone(), Arc::clone(context), operation, number);
                AbortOnDropHandle::new(tokio::spawn(task))
            })
            .buffered(self.client.concurrent_pages());
        loop {
            let next = tokio::select! {
                biased;
                () = context.stop.cancelled() => return Err(Halt::Stopped),
                next = pages.next() => next,
            };
            let page = match next {
                None => return Ok(()),
                Some(Ok(page)) => Arc::new(page?),
                Some(Err(failed)) if failed.is_panic() => {
                    std::panic::resume_unwind(failed.into_panic())
                }
                Some(Err(_)) => return Err(Halt::Stopped),
            };
            let (ours, theirs) = (Arc::clone(context), Arc::clone(&page));
            let (sums, duplicates) = self.pool.run(move |db| store(db, &ours, &*theirs)).await?;
            page.written(context);
            count(
                operation,
                page.meta().items,
                page.meta().rejects.len(),
                duplicates,
            );
            self.note(operation, sums);
        }
    }

    fn note(&self, operation: Operation, sums: Sums) {
        self.progress.send_modify(|progress| {
            progress.operations.insert(operation, sums.progress());
        });
    }
}

async fn fetch<C: Content>(
    client: Client,
    context: Arc<Context>,
    operation: Operation,
    number: u32,
) -> Result<C, Halt> {
    client
        .page(operation, number, move |page| {
            C::read(&context, operation, number, page)
        })
        .await
        .map_err(|error| Halt::feed(operation, number, error))
}

/// One page, one transaction.
fn store<C: Content>(db: &mut Db, context: &Context, page: &C) -> Result<(Sums, usize), DbError> {
    let (run, meta) = (context.run, page.meta());
    db.write_tx(|db| {
        context.lease.hold(db)?;
        let again = operations::is_stored(db, run, meta)?;
        let duplicates = page.write(db, context, again)?;
        rejects::replace(db, run, meta, &duplicates)?;
        operations::add_page(db, run, meta, duplicates.len())?;
        let sums = operations::refresh(db, run, meta.operation, meta.total)?;
        Ok((sums, duplicates.len()))
    })
}

fn count(operation: Operation, items: u32, rejected: usize, duplicates: usize) {
    let rejected = u64::try_from(rejected).unwrap_or(u64::MAX);
    let taken = u64::from(items).saturating_sub(rejected);
    let name = operation.name();
    metrics::counter!("sync_rows_total", "operation" => name, "outcome" => "taken")
        .increment(taken);
    metrics::counter!("sync_rows_total", "operation" => name, "outcome" => "rejected")
        .increment(rejected);
    metrics::counter!("sync_rows_total", "operation" => name, "outcome" => "duplicate")
        .increment(u64::try_from(duplicates).unwrap_or(u64::MAX));
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::{StoredPage, plan};

    fn stored(pages: &[(u32, u32)]) -> Vec<StoredPage> {
        pages
            .iter()
            .zip(0_i64..)
            .map(|(&(number, total), second)| StoredPage {
                number,
                total,
                fetched_at: DateTime::UNIX_EPOCH.naive_utc() + TimeDelta::seconds(second),
            })
            .collect()
    }

    #[test]
    fn the_first_page_tells_the_rest() {
        assert_eq!(plan(&[]), [1]);
        assert_eq!(plan(&stored(&[(1, 0)])), [0_u32; 0]);
        assert_eq!(plan(&stored(&[(1, 100)])), [0_u32; 0]);
        assert_eq!(plan(&stored(&[(1, 301)])), [2, 3, 4]);
    }

    #[test]
    fn a_run_goes_on_with_what_is_missing() {
        assert_eq!(plan(&stored(&[(1, 500), (4, 500)])), [2, 3, 5]);
    }

    #[test]
    fn pages_of_another_total_are_read_again() {
        assert_eq!(plan(&stored(&[(1, 500), (2, 500), (3, 450)])), [1, 2, 4, 5]);
        assert_eq!(plan(&stored(&[(1, 500), (2, 500), (5, 399)])), [1, 2, 3, 4]);
        let settled = [(1, 399), (2, 399), (3, 399), (4, 399), (5, 500)];
        let mut settled = stored(&settled);
        settled.rotate_right(1);
        let early = DateTime::UNIX_EPOCH.naive_utc() - TimeDelta::seconds(1);
        settled.first_mut().unwrap().fetched_at = early;
        assert_eq!(plan(&settled), [0_u32; 0]);
    }
}
