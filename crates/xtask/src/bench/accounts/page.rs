//! The report: what was measured, with the goals beside it.

use hdrhistogram::Histogram;
use serde::Deserialize;

use super::super::report::Row;

/// In microseconds.
const SEARCH_P99: u64 = 20_000;
const CHECK_RATIO: f64 = 1.3;

/// What came of those who signed in. Times in microseconds.
#[derive(Deserialize)]
pub(super) struct Posted {
    pub(super) answered: u64,
    pub(super) p50: u64,
    pub(super) max: u64,
    pub(super) errors: u64,
    pub(super) first_error: Option<String>,
}

/// Nanoseconds for one token.
#[derive(Deserialize)]
pub(super) struct Round {
    pub(super) check: u32,
    pub(super) bare: u32,
}

pub(super) struct Findings {
    pub(super) quiet: Histogram<u64>,
    pub(super) busy: Histogram<u64>,
    pub(super) failed_searches: u64,
    pub(super) posted: Posted,
    pub(super) rounds: Vec<Round>,
}

/// Goals, and what belongs to them.
pub(super) fn rows(findings: &Findings) -> Vec<Row> {
    let millis = |micros: u64| format!("{}.{:02} ms", micros / 1_000, micros % 1_000 / 10);
    let at = |seen: &Histogram<u64>| {
        let [p50, p99] = [0.5, 0.99].map(|quantile| millis(seen.value_at_quantile(quantile)));
        format!("{p50}, {p99}, {}", millis(seen.max()))
    };
    let (busy, posted) = (&findings.busy, &findings.posted);
    let p99 = busy.value_at_quantile(0.99);
    let failures = findings.failed_searches + posted.errors;
    let first = posted.first_error.as_deref().unwrap_or_default();
    let ratio = median(findings.rounds.iter().map(|round| {
        let (check, bare) = (f64::from(round.check), f64::from(round.bare));
        check / bare.max(1.0)
    }));
    let micros = |of: fn(&Round) -> u32| {
        let time = median(findings.rounds.iter().map(|round| f64::from(of(round))));
        format!("{:.1} µs", time / 1_000.0)
    };
    vec![
        Row::plain("search alone: median, p99, slowest", at(&findings.quiet)),
        Row::goal(
            "search while people sign in: p99",
            millis(p99),
            format!("less than {} ms", SEARCH_P99 / 1_000),
            p99 < SEARCH_P99,
        ),
        Row::plain("… median, p99, slowest", at(busy)),
        Row::plain(
            "sign-ins meanwhile: how many, median, slowest",
            format!(
                "{}, {}, {}",
                posted.answered,
                millis(posted.p50),
                millis(posted.max)
            ),
        ),
        Row::goal(
            "failed searches and sign-ins",
            format!("{failures} {first}").trim_end().to_owned(),
            "0".to_owned(),
            failures == 0,
        ),
        Row::goal(
            "check of an access token against the bare signature",
            format!("{ratio:.2}"),
            format!("at most {CHECK_RATIO}"),
            ratio <= CHECK_RATIO,
        ),
        Row::plain(
            "… the check, the signature",
            format!("{}, {}", micros(|one| one.check), micros(|one| one.bare)),
        ),
    ]
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::report;

    fn findings(latency: u64, check: u32) -> Findings {
        let mut busy = Histogram::new(3).unwrap();
        busy.record(latency).unwrap();
        Findings {
            quiet: busy.clone(),
            busy,
            failed_searches: 0,
            posted: Posted {
                answered: 1,
                p50: 2_340_000,
                max: 3_000_000,
                errors: 0,
                first_error: None,
            },
            rounds: [check, check, 99_000]
                .map(|check| Round {
                    check,
                    bare: 40_000,
                })
                .into(),
        }
    }

    fn met(findings: &Findings) -> bool {
        let folder = tempfile::tempdir().unwrap();
        report::publish("accounts", &[], &rows(findings), "", folder.path()).unwrap()
    }

    #[test]
    fn goals_are_held_against_the_figures() {
        assert!(met(&findings(19_000, 44_000)));
        assert!(!met(&findings(20_100, 44_000)), "slow searches");
        assert!(!met(&findings(19_000, 53_000)), "slow checks");
        let mut failed = findings(19_000, 44_000);
        failed.posted.errors = 1;
        assert!(!met(&failed), "a failed sign-in");
    }
}
