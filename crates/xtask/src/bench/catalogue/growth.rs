//! The same questions to catalogues of other sizes.

use std::time::Duration;

use super::super::machine;
use super::contest::{Pace, alone};
use super::footprint::starts;
use super::fresh;
use super::generator::Generator;
use super::mixes::Mixes;
use super::stand::Stand;

const STARTS: usize = 3;
const ROUNDS: usize = 3;

/// What one size gave. Latencies are in microseconds.
pub(super) struct Size {
    pub(super) items: u32,
    pub(super) synchronised: Duration,
    pub(super) start: Duration,
    pub(super) memory: u64,
    /// Requests a second of the mix, remembered and not.
    pub(super) rates: (f64, f64),
    pub(super) detail_rate: f64,
    pub(super) everyday: (u64, u64),
    /// Two-letter queries: how many products the commonest finds, median, slowest by the median of its askings.
    pub(super) pairs: (u64, u64, u64),
}

/// Measures a stand that has its wishes.
pub(super) fn measure(
    items: u32,
    stand: &Stand<'_>,
    pace: Pace,
    generator: &Generator<'_>,
    seed: u64,
) -> anyhow::Result<Size> {
    let mut random = fastrand::Rng::with_seed(seed);
    let (serving, starts) = starts(stand, STARTS)?;
    let memory = machine::resident_memory(serving.server.pid()).unwrap_or(u64::MAX);
    let products = serving.products()?;
    let mixes = Mixes::new(&products, &mut random);
    let pace = Pace {
        rounds: ROUNDS,
        ..pace
    };
    let rate = |paths: &[String], order: &[usize]| -> anyhow::Result<f64> {
        Ok(alone(paths, order, pace, &serving, generator)?.rate())
    };
    let rates = (
        rate(&mixes.search.paths, &mixes.search.order)?,
        rate(&mixes.unremembered.paths, &mixes.unremembered.order)?,
    );
    let detail_rate = rate(&mixes.detail.paths, &mixes.detail.order)?;
    let known = mixes.search.paths.iter().cloned().collect();
    let fresh = fresh::measure(&products, &known, &serving, generator, &mut random)?;
    serving.stop()?;
    Ok(Size {
        items,
        synchronised: stand.synchronised,
        start: starts.get(starts.len() / 2).copied().unwrap_or_default(),
        memory,
        rates,
        detail_rate,
        everyday: (
            fresh.everyday.value_at_quantile(0.5),
            fresh.everyday.value_at_quantile(0.99),
        ),
        pairs: (
            fresh.most_found,
            fresh.pairs.value_at_quantile(0.5),
            fresh.slowest_pair,
        ),
    })
}
