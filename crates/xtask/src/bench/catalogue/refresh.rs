//! People go on reading while a new catalogue, or new wishes, take the place of the old ones.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use hdrhistogram::Histogram;
use serde_json::{Value, json};
use test_kit::http;

use super::super::machine;
use super::generator::{Generator, Steady};
use super::mixes::Asked;
use super::stand::{Serving, Stand};
use super::wishes::statements;
use crate::interrupt::Interrupt;
use crate::task::Interrupted;

/// The request log would drown the lines that tell of a new catalogue.
pub(super) const LOG_LEVEL: &str = "warn,web_api::catalogue=info";
const LOADED: &str = "the catalogue was loaded";
/// One request every so many microseconds: a thousand a second, over all connections.
const INTERVAL_MICROS: u64 = 1_000;
const QUIET: Duration = Duration::from_secs(5);
/// Loads without a synchronisation, and changes of the wishes.
const REPEATS: u32 = 5;
/// What belongs to a change besides its own time: the moment before, and a cold cache after.
const BEFORE: Duration = Duration::from_millis(100);
const AFTER: Duration = Duration::from_millis(400);
const WISHES_BEFORE: Duration = Duration::from_millis(500);
const SEEN_DEADLINE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(10);
const REQUEST_LIMIT: Duration = Duration::from_secs(5);
/// Of a user that no other wish is of.
const OUR_USERS: u32 = 1_000_000_000;

type Window = (u64, u64);

/// Latencies from when each request was due, in microseconds.
pub(super) struct Figures {
    pub(super) quiet: Histogram<u64>,
    /// While a synchronisation ran beside, on the same processors.
    pub(super) synchronising: Histogram<u64>,
    /// While a new catalogue was read and put in the old one's place.
    pub(super) loading: Histogram<u64>,
    /// While wishes were counted and the order changed.
    pub(super) sorting: Histogram<u64>,
    pub(super) errors: u64,
    pub(super) first_error: Option<String>,
    /// How long the server read a new catalogue, the longest time.
    pub(super) longest_load: Duration,
    /// The most memory that the server had, in bytes: two catalogues stand side by side for a moment.
    pub(super) peak: u64,
}

/// Measures on a server that logs at [`LOG_LEVEL`].
pub(super) fn measure(
    stand: &Stand<'_>,
    serving: &Serving,
    asked: &Asked,
    (items, seed): (u32, u64),
    generator: &Generator<'_>,
    interrupt: &Interrupt,
) -> anyhow::Result<Figures> {
    let work = json!({ "steady": {
        "paths": asked.paths, "order": asked.order,
        "connections": 32, "interval_micros": INTERVAL_MICROS,
    } });
    let running = generator.steady(serving.port, &work)?;
    let watcher = Watcher { serving, interrupt };
    watcher.pause(QUIET)?;
    let quiet = (now()? - micros(QUIET) + micros(AFTER), now()?);

    let mut loads = Vec::new();
    let begun = now()?;
    change(stand, serving, (items, seed))?;
    let seen = watcher.loads();
    stand.synchronise()?;
    let synchronising = (begun, now()?);
    loads.push(watcher.until_loaded(seen)?);
    for _ in 0..REPEATS {
        watcher.pause(AFTER)?;
        let seen = watcher.loads();
        // What a synchronisation does last; the server reads everything anew.
        stand.sql("UPDATE catalogue_pointer SET version = version + 1;")?;
        loads.push(watcher.until_loaded(seen)?);
    }
    let mut sorts = Vec::new();
    for turn in 0..REPEATS {
        watcher.pause(AFTER)?;
        sorts.push(watcher.wish(stand, OUR_USERS + turn)?);
    }
    watcher.pause(AFTER)?;
    let seen: Steady = running.finish()?;
    let peak = machine::peak_memory(serving.server.pid()).unwrap_or(u64::MAX);
    let figures = figures(&seen, quiet, synchronising, &loads, &sorts)?;
    Ok(Figures { peak, ..figures })
}

/// The feed says something else of one product from now on.
fn change(stand: &Stand<'_>, serving: &Serving, (items, seed): (u32, u64)) -> anyhow::Result<()> {
    let products = serving.first_page()?;
    let id = &products.first().context("no product is found")?.id;
    let edit = json!({
        "operation": "permit-detail", "item_seq": id, "field": "ITEM_NAME",
        "change": { "text": "바뀐이름정" },
    });
    stand.change_feed(&json!({ "items": items, "seed": seed, "edits": [edit] }).to_string())
}

struct Watcher<'a> {
    serving: &'a Serving,
    interrupt: &'a Interrupt,
}

impl Watcher<'_> {
    /// How often the server has loaded a catalogue.
    fn loads(&self) -> usize {
        self.serving.server.log().matches(LOADED).count()
    }

    /// Waits for one more load than `seen`; when it was, by the server's own words how long it took.
    fn until_loaded(&self, seen: usize) -> anyhow::Result<(Window, Duration)> {
        self.until(|| self.loads() > seen)?;
        let end = now()?;
        let log = self.serving.server.log();
        let line = log.lines().rfind(|line| line.contains(LOADED));
        let length = line
            .and_then(duration)
            .context("a load without its duration")?;
        Ok((window(end, length + BEFORE), length))
    }

    /// One more wish for the product that is wished most, until its number is shown.
    fn wish(&self, stand: &Stand<'_>, user: u32) -> anyhow::Result<Window> {
        let products = self.serving.first_page()?;
        let id = &products.first().context("no product is found")?.id;
        let path = format!("/api/v1/medicines/{id}");
        let wishes = || {
            let answer = http::get(self.serving.port, &path, REQUEST_LIMIT).ok()?;
            let body: Value = serde_json::from_str(&answer.body).ok()?;
            body.get("wishCount").and_then(Value::as_u64)
        };
        let before = wishes().context("a detail without its wishes")?;
        stand.sql(&statements(&[(user, id.parse()?)]))?;
        self.until(|| wishes().is_some_and(|count| count > before))?;
        Ok(window(now()?, WISHES_BEFORE))
    }

    fn until(&self, condition: impl Fn() -> bool) -> anyhow::Result<()> {
        let end = Instant::now() + SEEN_DEADLINE;
        while !condition() {
            if Instant::now() >= end {
                bail!("web-api shows no change after {SEEN_DEADLINE:?}");
            }
            self.pause(POLL)?;
        }
        Ok(())
    }

    fn pause(&self, length: Duration) -> anyhow::Result<()> {
        let end = Instant::now() + length;
        while Instant::now() < end {
            if self.interrupt.is_set() {
                bail!(Interrupted);
            }
            std::thread::sleep(POLL.min(end.saturating_duration_since(Instant::now())));
        }
        Ok(())
    }
}

/// `duration_ms=812` of a line.
fn duration(line: &str) -> Option<Duration> {
    let (_, rest) = line.split_once("duration_ms")?;
    let digits: String = rest
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().ok().map(Duration::from_millis)
}

fn window(end: u64, length: Duration) -> Window {
    (end.saturating_sub(micros(length)), end + micros(AFTER))
}

fn figures(
    seen: &Steady,
    quiet: Window,
    synchronising: Window,
    loads: &[(Window, Duration)],
    sorts: &[Window],
) -> anyhow::Result<Figures> {
    let within = |windows: &[Window]| -> anyhow::Result<Histogram<u64>> {
        let mut histogram = Histogram::new(3)?;
        for (due, latency) in &seen.samples {
            if windows.iter().any(|(from, to)| (from..=to).contains(&due)) {
                histogram.record(*latency)?;
            }
        }
        if histogram.is_empty() {
            bail!("no request was due while something changed");
        }
        Ok(histogram)
    };
    let loading: Vec<Window> = loads.iter().map(|(window, _)| *window).collect();
    Ok(Figures {
        quiet: within(&[quiet])?,
        synchronising: within(&[synchronising])?,
        loading: within(&loading)?,
        sorting: within(sorts)?,
        errors: seen.errors,
        first_error: seen.first_error.clone(),
        longest_load: loads
            .iter()
            .map(|(_, length)| *length)
            .max()
            .unwrap_or_default(),
        peak: 0,
    })
}

fn now() -> anyhow::Result<u64> {
    Ok(micros(SystemTime::now().duration_since(UNIX_EPOCH)?))
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_tells_how_long_it_took() {
        let line =
            "INFO web_api: the catalogue was loaded version=2 products=9 duration_ms=812 x=1";
        assert_eq!(duration(line), Some(Duration::from_millis(812)));
        assert_eq!(duration("nothing"), None);
    }

    #[test]
    fn a_request_counts_for_the_windows_that_it_was_due_in() {
        let seen = Steady {
            samples: (0..100).map(|due| (due, due * 1_000)).collect(),
            errors: 0,
            first_error: None,
        };
        let loads = [
            ((20, 29), Duration::from_secs(1)),
            ((50, 54), Duration::from_secs(3)),
        ];
        let figures = figures(&seen, (0, 9), (10, 19), &loads, &[(90, 99)]).unwrap();
        assert_eq!((figures.quiet.len(), figures.loading.len()), (10, 15));
        assert!(figures.loading.max() >= 54_000 && figures.loading.max() < 55_000);
        assert_eq!(figures.longest_load, Duration::from_secs(3));
        assert!(super::figures(&seen, (200, 300), (0, 1), &loads, &[(0, 1)]).is_err());
    }
}
