//! Queries that nobody has asked before, one at a time on a quiet connection.

use std::collections::HashSet;

use hdrhistogram::Histogram;
use serde_json::json;

use super::generator::{Generator, One};
use super::mix::{Product, Query, common_pairs, searches};
use super::stand::Serving;

/// How many different queries of everyday shape.
const EVERYDAY: usize = 2_000;
/// How many of the commonest pairs of syllables.
const PAIRS: usize = 200;
/// A pair counts when so many products are found by it.
const THOUSANDS: u64 = 1_000;
/// How often each pair is asked, each time at another address.
const SPELLINGS: u32 = 5;

/// Latencies of queries that are new to the server.
pub(super) struct Fresh {
    pub(super) everyday: Histogram<u64>,
    /// Two-letter queries that match thousands.
    pub(super) pairs: Histogram<u64>,
    /// The slowest of them by the median of its askings: what the query costs, and not what else the machine did.
    pub(super) slowest_pair: u64,
    /// How many pairs there were, and how many products the commonest one finds.
    pub(super) count: usize,
    pub(super) most_found: u64,
}

/// Asks; `known` are addresses that were asked before.
pub(super) fn measure(
    products: &[Product],
    known: &HashSet<String>,
    serving: &Serving,
    generator: &Generator<'_>,
    random: &mut fastrand::Rng,
) -> anyhow::Result<Fresh> {
    let everyday = searches(products, EVERYDAY + known.len(), random);
    let everyday = everyday.iter().map(|query| query.path(0));
    let everyday: Vec<String> = everyday
        .filter(|path| !known.contains(path))
        .take(EVERYDAY)
        .collect();
    let everyday = ask(&everyday, serving, generator)?;

    // Names are counted as they are written, and matched as keystrokes: only the answer knows how many there are.
    let pairs = common_pairs(products, 1).into_iter().take(PAIRS);
    let queries: Vec<Query> = pairs.map(|(pair, _)| Query::name(pair)).collect();
    let spelt = |spelling| queries.iter().map(move |query| query.path(spelling));
    let paths: Vec<String> = (1..=SPELLINGS).flat_map(spelt).collect();
    let answers = ask(&paths, serving, generator)?;
    let mut pairs = Histogram::new(3)?;
    let (mut slowest_pair, mut count, mut most_found) = (0, 0, 0);
    for index in 0..queries.len() {
        let askings: Vec<&One> = answers.iter().skip(index).step_by(queries.len()).collect();
        let found = askings
            .first()
            .and_then(|one| one.total)
            .unwrap_or_default();
        if found < THOUSANDS {
            continue;
        }
        let mut times: Vec<u64> = askings.iter().map(|one| one.micros).collect();
        for time in &times {
            pairs.record(*time)?;
        }
        times.sort_unstable();
        slowest_pair = slowest_pair.max(times.get(times.len() / 2).copied().unwrap_or_default());
        most_found = most_found.max(found);
        count += 1;
    }
    Ok(Fresh {
        everyday: histogram(&everyday)?,
        pairs,
        slowest_pair,
        count,
        most_found,
    })
}

fn ask(paths: &[String], serving: &Serving, generator: &Generator<'_>) -> anyhow::Result<Vec<One>> {
    let work = json!({ "each": { "paths": paths } });
    generator.run(serving.port, "identity", &work)
}

fn histogram(seen: &[One]) -> anyhow::Result<Histogram<u64>> {
    let mut histogram = Histogram::new(3)?;
    for one in seen {
        histogram.record(one.micros)?;
    }
    Ok(histogram)
}
