//! The API against the same bytes from memory, in turns, on the same connections.

use anyhow::ensure;
use serde_json::json;

use super::generator::{Generator, Recorded, Round, Side};
use super::stand::Serving;

/// How long and how often.
#[derive(Clone, Copy)]
pub(super) struct Pace {
    pub(super) rounds: usize,
    pub(super) round_millis: u64,
    pub(super) connections: usize,
}

/// What is asked.
pub(super) struct Contest<'a> {
    pub(super) what: &'static str,
    /// What is asked of the API.
    pub(super) paths: &'a [String],
    /// What is recorded, where that is written otherwise: of each path the shortest spelling.
    pub(super) recorded: &'a [String],
    /// Indices of `paths`, and of `recorded` for the other side.
    pub(super) orders: (&'a [usize], &'a [usize]),
    pub(super) encoding: &'static str,
    /// The least ratio of requests a second.
    pub(super) goal: Option<f64>,
}

/// How it went. Times are in microseconds.
pub(super) struct Outcome {
    pub(super) what: &'static str,
    pub(super) goal: Option<f64>,
    /// Medians over the rounds: of ours, of memory's, of the ratios within a pair.
    pub(super) rates: (f64, f64),
    pub(super) ratio: f64,
    /// p50, p99, slowest of ours.
    pub(super) latencies: (u64, u64, u64),
    pub(super) memory_p99: u64,
    /// The server's processor time a request: ours and memory's.
    pub(super) cpu: (f64, f64),
    /// The share of one processor that the generator took.
    pub(super) generator: f64,
    /// Bytes a body.
    pub(super) bytes: f64,
}

impl Outcome {
    /// Whether the goal, if there is one, is met.
    pub(super) fn is_met(&self) -> bool {
        self.goal.is_none_or(|goal| self.ratio >= goal)
    }
}

/// Records what memory answers from number `first` on, then lets the two take turns.
pub(super) fn hold(
    contest: &Contest<'_>,
    first: usize,
    pace: Pace,
    serving: &Serving,
    generator: &Generator<'_>,
) -> anyhow::Result<Outcome> {
    // Fails where an answer doesn't come back byte for byte, headers included.
    let record = json!({ "record": { "paths": contest.recorded, "first": first } });
    let recorded: Recorded = generator.run(serving.port, "identity", &record)?;
    ensure!(
        recorded.lengths.len() == contest.recorded.len(),
        "{} answers were recorded in place of {}",
        recorded.lengths.len(),
        contest.recorded.len()
    );
    let replays: Vec<String> = (first..first + contest.recorded.len())
        .map(|number| format!("/bench/replay/{number}"))
        .collect();
    let sides = json!([
        { "paths": contest.paths, "order": contest.orders.0 },
        { "paths": replays, "order": contest.orders.1 },
    ]);
    let work = rounds(&sides, pace, serving.server.pid());
    let sides: [Side; 2] = generator.run(serving.port, contest.encoding, &work)?;
    Ok(outcome(contest.what, contest.goal, &sides))
}

/// Lets one side ask alone.
pub(super) fn alone(
    paths: &[String],
    order: &[usize],
    pace: Pace,
    serving: &Serving,
    generator: &Generator<'_>,
) -> anyhow::Result<Side> {
    let sides = json!([{ "paths": paths, "order": order }]);
    let work = rounds(&sides, pace, serving.server.pid());
    let [side]: [Side; 1] = generator.run(serving.port, "identity", &work)?;
    Ok(side)
}

fn rounds(sides: &serde_json::Value, pace: Pace, pid: u32) -> serde_json::Value {
    json!({ "rounds": {
        "sides": sides,
        "connections": pace.connections,
        "warm_up_rounds": 1,
        "rounds": pace.rounds,
        "round_millis": pace.round_millis,
        "pid": pid,
    } })
}

fn outcome(what: &'static str, goal: Option<f64>, [ours, memory]: &[Side; 2]) -> Outcome {
    let ratios = ours.rounds.iter().zip(&memory.rounds);
    let ratios = ratios.map(|(ours, memory)| ours.rate() / memory.rate());
    let all = || ours.rounds.iter().chain(&memory.rounds);
    let sum = |of: fn(&Round) -> u64| all().map(|round| float(of(round))).sum::<f64>();
    let requests: f64 = ours
        .rounds
        .iter()
        .map(|round| f64::from(round.requests))
        .sum();
    let bytes: f64 = ours.rounds.iter().map(|round| float(round.bytes)).sum();
    Outcome {
        what,
        goal,
        rates: (ours.rate(), memory.rate()),
        ratio: median(ratios.collect()),
        latencies: (ours.p50, ours.p99, ours.max),
        memory_p99: memory.p99,
        cpu: (ours.cpu(), memory.cpu()),
        generator: sum(|round| round.own_cpu) / sum(|round| round.elapsed),
        bytes: bytes / requests.max(1.0),
    }
}

impl Side {
    /// Requests a second: the median of the rounds.
    pub(in crate::bench) fn rate(&self) -> f64 {
        median(self.rounds.iter().map(Round::rate).collect())
    }

    /// The server's processor time a request, in microseconds, over all rounds: its ticks are too coarse for one.
    fn cpu(&self) -> f64 {
        let requests: f64 = self
            .rounds
            .iter()
            .map(|round| f64::from(round.requests))
            .sum();
        let time: f64 = self
            .rounds
            .iter()
            .map(|round| float(round.server_cpu))
            .sum();
        time / requests.max(1.0)
    }
}

impl Round {
    pub(in crate::bench) fn rate(&self) -> f64 {
        f64::from(self.requests) * 1e6 / float(self.elapsed).max(1.0)
    }
}

/// The middle one; of an even number, the mean of the two in the middle.
pub(in crate::bench) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = values.get(middle).copied().unwrap_or(f64::NAN);
    if values.len() % 2 == 1 {
        return upper;
    }
    let lower = middle.checked_sub(1).and_then(|at| values.get(at));
    lower.map_or(f64::NAN, |lower| f64::midpoint(*lower, upper))
}

/// Sums of one run stay below 2^32 thousands: exact enough as a float.
pub(in crate::bench) fn float(number: u64) -> f64 {
    let high = u32::try_from(number >> 32).unwrap_or(u32::MAX);
    let low = u32::try_from(number & u64::from(u32::MAX)).unwrap_or_default();
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(rates: &[u32], server_cpu: u64) -> Side {
        let round = |&requests| Round {
            requests,
            bytes: u64::from(requests) * 100,
            elapsed: 1_000_000,
            server_cpu,
            own_cpu: 250_000,
        };
        Side {
            rounds: rates.iter().map(round).collect(),
            p50: 1,
            p99: 2,
            max: 3,
        }
    }

    #[test]
    fn a_ratio_is_the_median_of_pairs() {
        // The machine was slow in the last pair: both sides were, and the ratio stands.
        let sides = [side(&[50, 60, 5], 1_000), side(&[100, 100, 10], 1_000)];
        let outcome = outcome("search", Some(0.4), &sides);
        assert!((outcome.ratio - 0.5).abs() < 1e-9 && outcome.is_met());
        assert!((outcome.rates.0 - 50.0).abs() < 1e-9, "{:?}", outcome.rates);
        assert!((outcome.generator - 0.25).abs() < 1e-9);
        assert!((outcome.bytes - 100.0).abs() < 1e-9);
        assert!((outcome.cpu.0 - 3_000.0 / 115.0).abs() < 1e-9);
    }

    #[test]
    fn a_ratio_below_its_goal_is_a_miss() {
        let sides = [side(&[39], 1), side(&[100], 1)];
        assert!(!outcome("search", Some(0.4), &sides).is_met());
        assert!(outcome("search", None, &sides).is_met());
        assert!(!outcome("search", Some(0.4), &[side(&[], 1), side(&[], 1)]).is_met());
    }

    #[test]
    fn medians_and_floats() {
        assert!((median(vec![3.0, 1.0]) - 2.0).abs() < 1e-9);
        assert!(median(Vec::new()).is_nan());
        assert!((float(5_000_000_000) - 5e9).abs() < 1e-3);
    }
}
