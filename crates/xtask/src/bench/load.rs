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

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::sync::atomic::AtomicU32;

    use super::*;

    /// Answers 200 to `/good` and 503 to everything else, and counts.
    fn server(served: Arc<AtomicU32>) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut request = [0; 512];
                let length = stream.read(&mut request).unwrap();
                let good = request[..length].starts_with(b"GET /good ");
                let status = if good { "200 OK" } else { "503 Away" };
                write!(stream, "HTTP/1.0 {status}\r\n\r\n").unwrap();
                served.fetch_add(1, Ordering::SeqCst);
            }
        });
        port
    }

    fn figures_of_twenty_reads(paths: &[&str]) -> Figures {
        let served = Arc::new(AtomicU32::new(0));
        let paths = paths.iter().map(ToString::to_string).collect();
        let load = Load::start(server(Arc::clone(&served)), paths, Duration::from_millis(2));
        let enough = || served.load(Ordering::SeqCst) >= 20;
        assert!(test_kit::eventually(LIMIT, enough));
        load.finish().unwrap()
    }

    #[test]
    fn reads_are_counted_and_timed() {
        let figures = figures_of_twenty_reads(&["/good"]);
        assert_eq!(figures.errors, 0);
        assert!(figures.reads() >= 19 && figures.rate() > 0.0);
        assert!(figures.percentile(50.0) <= figures.percentile(100.0));
    }

    #[test]
    fn a_failed_read_is_counted_and_named() {
        let figures = figures_of_twenty_reads(&["/good", "/bad"]);
        assert!(figures.errors >= 9 && figures.errors < figures.reads());
        assert_eq!(figures.first_error.unwrap(), "/bad: 503");
    }
}
