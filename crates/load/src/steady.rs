//! Requests at a steady rate, whatever else happens. Each is measured from when it was due: one that waits because the
//! one before it was slow counts as slow too.

use std::cell::RefCell;
use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use futures_util::future::try_join_all;
use hyper::Uri;
use tokio::time::{Instant, sleep_until};

use crate::client::{Connection, Target, uris};
use crate::job::{Steady, SteadyPlan};

struct Schedule {
    begun: Instant,
    /// The same moment in microseconds since 1970.
    epoch: u64,
    interval: Duration,
    step: u32,
    uris: Vec<Uri>,
    order: Vec<usize>,
    over: Arc<AtomicBool>,
    seen: RefCell<Steady>,
}

pub(crate) async fn run(target: &Target, plan: &SteadyPlan) -> anyhow::Result<Steady> {
    let mut connections = target.open(plan.connections).await?;
    let epoch = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let schedule = Schedule {
        begun: Instant::now(),
        epoch: u64::try_from(epoch.as_micros())?,
        interval: Duration::from_micros(plan.interval_micros),
        step: u32::try_from(plan.connections)?,
        uris: uris(&plan.paths)?,
        order: plan.order.clone(),
        over: until_input_ends(),
        seen: RefCell::new(Steady {
            samples: Vec::new(),
            errors: 0,
            first_error: None,
        }),
    };
    let asking = (0..)
        .zip(&mut connections)
        .map(|(first, connection)| schedule.ask(first, connection));
    try_join_all(asking).await?;
    Ok(schedule.seen.into_inner())
}

impl Schedule {
    /// Every so manyth request of all.
    async fn ask(&self, first: u32, connection: &mut Connection) -> anyhow::Result<()> {
        let mut turn = first;
        while !self.over.load(Ordering::Relaxed) {
            let due = self.interval * turn;
            sleep_until(self.begun + due).await;
            let at = usize::try_from(turn)? % self.order.len().max(1);
            let uri = self.order.get(at).and_then(|&index| self.uris.get(index));
            let outcome = connection
                .ask(uri.context("order: expected indices of paths")?)
                .await;
            let late = (self.begun + due).elapsed();
            let mut seen = self.seen.borrow_mut();
            let due = self.epoch + u64::try_from(due.as_micros())?;
            seen.samples.push((due, u64::try_from(late.as_micros())?));
            if let Err(error) = outcome {
                seen.errors += 1;
                seen.first_error.get_or_insert(format!("{error:#}"));
            }
            turn += self.step;
        }
        Ok(())
    }
}

/// Set when whoever started us closes our standard input, or dies.
pub(crate) fn until_input_ends() -> Arc<AtomicBool> {
    let over = Arc::new(AtomicBool::new(false));
    let ours = Arc::clone(&over);
    std::thread::spawn(move || {
        let mut rest = Vec::new();
        // An input that can't be read has ended as well.
        drop(std::io::stdin().read_to_end(&mut rest));
        ours.store(true, Ordering::Relaxed);
    });
    over
}
