//! Readers at a steady rate, as many as people search, whatever else happens.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use hdrhistogram::Histogram;
use test_kit::http;

const LIMIT: Duration = Duration::from_secs(10);

/// What the readers saw.
pub(super) struct Figures {
    latencies: Histogram<u64>,
    pub(super) errors: u64,
    pub(super) first_error: Option<String>,
    length: Duration,
}

impl Figures {
    pub(super) fn reads(&self) -> u64 {
        self.latencies.len()
    }

    /// The latency that this share of reads (in percent) stays below.
    pub(super) fn percentile(&self, percent: f64) -> Duration {
        Duration::from_micros(self.latencies.value_at_percentile(percent))
    }

    /// Reads a second over the whole time.
    pub(super) fn rate(&self) -> f64 {
        // Far below 2^32 reads in any run: exact as a float.
        u32::try_from(self.reads()).map_or(f64::NAN, f64::from)
            / self.length.as_secs_f64().max(f64::EPSILON)
    }
}

/// A reader that goes on until it is asked for its figures.
pub(super) struct Load {
    stop: Arc<AtomicBool>,
    reader: JoinHandle<anyhow::Result<Figures>>,
}

impl Load {
    /// Reads these paths in turn from a port of 127.0.0.1, one every `interval`.
    pub(super) fn start(port: u16, paths: Vec<String>, interval: Duration) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let ours = Arc::clone(&stop);
        let reader = std::thread::spawn(move || read(port, &paths, interval, &ours));
        Self { stop, reader }
    }

    /// Stops it.
    pub(super) fn finish(self) -> anyhow::Result<Figures> {
        self.stop.store(true, Ordering::SeqCst);
        self.reader
            .join()
            .map_err(|_| anyhow!("the reader panicked"))?
    }
}

fn read(
    port: u16,
    paths: &[String],
    interval: Duration,
    stop: &AtomicBool,
) -> anyhow::Result<Figures> {
    let mut latencies = Histogram::new(3).context("no histogram")?;
    let (mut errors, mut first_error) = (0, None);
    let start = Instant::now();
    // A read is measured from when it was due: one that waits for a slow one before it counts as slow too.
    let mut due = start;
    for path in paths.iter().cycle() {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let problem = match http::get(port, path, LIMIT) {
            Ok(answer) if answer.is_success() => None,
            Ok(answer) => Some(format!("{path}: {}", answer.status)),
            Err(error) => Some(format!("{path}: {error}")),
        };
        if let Some(problem) = problem {
            errors += 1;
            first_error.get_or_insert(problem);
        }
        latencies.record(u64::try_from(due.elapsed().as_micros())?)?;
        due += interval;
    }
    Ok(Figures {
        latencies,
        errors,
        first_error,
        length: start.elapsed(),
    })
}
