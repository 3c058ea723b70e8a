//! The report: goals first, then what they were measured by, then what people learned from it.

use std::time::Duration;

use hdrhistogram::Histogram;

use super::super::report::{Row, megabytes, table};
use super::contest::{Outcome, float};
use super::footprint::Memory;
use super::fresh::Fresh;
use super::growth::Size;
use super::refresh::Figures;

pub(super) const SEARCH_RATIO: f64 = 0.4;
pub(super) const SUGGEST_RATIO: f64 = 0.4;
pub(super) const DETAIL_RATIO: f64 = 0.4;
pub(super) const COMPARE_RATIO: f64 = 0.25;
/// In microseconds.
const SEARCH_P99: u64 = 10_000;
const FRESH_MEDIAN: u64 = 1_000;
const PAIR_WORST: u64 = 5_000;
const REFRESH_P99: u64 = 20_000;
/// In bytes.
const MEMORY: u64 = 150_000_000;
const START: Duration = Duration::from_secs(2);

/// Everything that was measured.
pub(super) struct Findings {
    pub(super) outcomes: Vec<Outcome>,
    pub(super) fresh: Fresh,
    /// Sorted.
    pub(super) starts: Vec<Duration>,
    pub(super) memory: Memory,
    pub(super) refresh: Figures,
    /// Empty unless asked for.
    pub(super) sizes: Vec<Size>,
    /// Where the profiles are, or why there are none.
    pub(super) profiles: Vec<String>,
}

/// The rows with goals, and what belongs to them.
pub(super) fn goals(findings: &Findings) -> Vec<Row> {
    let mut rows = Vec::new();
    for one in &findings.outcomes {
        let Some(goal) = one.goal else { continue };
        rows.push(Row::goal(
            format!("{}: requests/s against memory", one.what),
            format!("{:.2}", one.ratio),
            format!("at least {goal}"),
            one.is_met(),
        ));
        if one.what == "search" {
            rows.push(at_most(
                "search: p99 at full load",
                one.latencies.1,
                SEARCH_P99,
            ));
        }
    }
    let fresh = &findings.fresh;
    rows.push(at_most(
        "query never asked before: median",
        fresh.everyday.value_at_quantile(0.5),
        FRESH_MEDIAN,
    ));
    rows.push(Row::plain("query never asked before: p99, slowest", {
        let [p99, max] = [fresh.everyday.value_at_quantile(0.99), fresh.everyday.max()];
        format!("{}, {}", millis(p99), millis(max))
    }));
    rows.extend(pairs(fresh));
    rows.extend(memory(&findings.memory));
    let slowest = findings.starts.last().copied().unwrap_or(Duration::MAX);
    rows.push(Row::goal(
        format!("start to ready, slowest of {}", findings.starts.len()),
        format!("{:.2} s", slowest.as_secs_f64()),
        format!("at most {} s", START.as_secs()),
        slowest <= START,
    ));
    rows.extend(refresh(&findings.refresh));
    rows
}

fn pairs(fresh: &Fresh) -> Vec<Row> {
    let mut worst = at_most(
        "two-letter query that finds thousands: worst",
        fresh.pairs.max(),
        PAIR_WORST,
    );
    if fresh.count == 0 {
        worst = Row::goal(
            "two-letter query that finds thousands: worst",
            "none finds a thousand".to_owned(),
            millis(PAIR_WORST),
            false,
        );
    }
    let rest = format!(
        "{}, {}",
        millis(fresh.pairs.value_at_quantile(0.5)),
        millis(fresh.slowest_pair)
    );
    let what = format!(
        "… of {} queries that find 1,000 to {} products: median, slowest query by the median of its askings",
        fresh.count, fresh.most_found
    );
    vec![worst, Row::plain(what, rest)]
}

fn memory(memory: &Memory) -> Vec<Row> {
    let row = |what: &str, bytes: u64| {
        let goal = format!("at most {} MB", megabytes(MEMORY));
        Row::goal(
            what,
            format!("{} MB", megabytes(bytes)),
            goal,
            bytes <= MEMORY,
        )
    };
    vec![
        row("resident memory after the start", memory.loaded),
        row(
            "resident memory after everything was asked",
            memory.after_mix,
        ),
        row("most resident memory until then", memory.peak),
    ]
}

fn refresh(figures: &Figures) -> Vec<Row> {
    let both = |histogram: &Histogram<u64>| {
        let p99 = histogram.value_at_quantile(0.99);
        format!("{}, {}", millis(p99), millis(histogram.max()))
    };
    let p99 = |histogram: &Histogram<u64>| histogram.value_at_quantile(0.99);
    let errors = match &figures.first_error {
        Some(first) => format!("{} (first: {first})", figures.errors),
        None => figures.errors.to_string(),
    };
    let load = figures.longest_load.as_secs_f64();
    vec![
        Row::plain(
            "1,000 reads/s, nothing else: p99, slowest",
            both(&figures.quiet),
        ),
        Row::plain(
            "… while a synchronisation runs on the same processors: p99, slowest",
            both(&figures.synchronising),
        ),
        at_most(
            "… while a new catalogue is loaded: p99",
            p99(&figures.loading),
            REFRESH_P99,
        ),
        Row::plain(
            format!("… slowest (the longest load took {load:.2} s)"),
            millis(figures.loading.max()),
        ),
        at_most(
            "… while wishes change the order: p99",
            p99(&figures.sorting),
            REFRESH_P99,
        ),
        Row::plain(
            "most resident memory through all loads",
            format!("{} MB", megabytes(figures.peak)),
        ),
        Row::goal(
            "… failed reads",
            errors,
            "0".to_owned(),
            figures.errors == 0,
        ),
    ]
}

/// The tables below the goals, and the notes.
pub(super) fn more(findings: &Findings, notes: &str) -> String {
    let mut text = String::from("\n## Requests a second\n\n");
    text.push_str(&contests(&findings.outcomes));
    if !findings.sizes.is_empty() {
        text.push_str("\n## Growth\n\n");
        text.push_str(&growth(&findings.sizes));
    }
    text.push('\n');
    text.push_str(notes);
    text
}

fn contests(outcomes: &[Outcome]) -> String {
    let head = [
        "what",
        "ours",
        "memory",
        "ratio",
        "p50",
        "p99",
        "slowest",
        "memory's p99",
        "server CPU/request",
        "memory's",
        "generator",
        "body",
    ];
    let rows = outcomes.iter().map(|one| {
        vec![
            one.what.to_owned(),
            format!("{:.0}/s", one.rates.0),
            format!("{:.0}/s", one.rates.1),
            format!("{:.2}", one.ratio),
            millis(one.latencies.0),
            millis(one.latencies.1),
            millis(one.latencies.2),
            millis(one.memory_p99),
            format!("{:.0} µs", one.cpu.0),
            format!("{:.0} µs", one.cpu.1),
            format!("{:.0} % of a CPU", one.generator * 100.0),
            format!("{:.1} kB", one.bytes / 1_000.0),
        ]
    });
    table(&head, &rows.collect::<Vec<_>>())
}

fn growth(sizes: &[Size]) -> String {
    let head = [
        "products",
        "synchronisation",
        "start",
        "memory",
        "search",
        "nothing remembered",
        "detail",
        "new query: p50, p99",
        "two letters: finds, p50, slowest",
    ];
    let rows = sizes.iter().map(|one| {
        vec![
            one.items.to_string(),
            format!("{:.1} s", one.synchronised.as_secs_f64()),
            format!("{:.2} s", one.start.as_secs_f64()),
            format!("{} MB", megabytes(one.memory)),
            format!("{:.0}/s", one.rates.0),
            format!("{:.0}/s", one.rates.1),
            format!("{:.0}/s", one.detail_rate),
            format!("{}, {}", millis(one.everyday.0), millis(one.everyday.1)),
            format!(
                "{}, {}, {}",
                one.pairs.0,
                millis(one.pairs.1),
                millis(one.pairs.2)
            ),
        ]
    });
    table(&head, &rows.collect::<Vec<_>>())
}

fn at_most(what: &str, measured: u64, goal: u64) -> Row {
    let text = format!("at most {} ms", goal / 1_000);
    Row::goal(what, millis(measured), text, measured <= goal)
}

fn millis(micros: u64) -> String {
    format!("{:.2} ms", float(micros) / 1_000.0)
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
