//! Figures about the running process in the Prometheus text format.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use crate::logging;

/// Limits of the duration histograms in seconds: from a read in memory to a lost request.
const DURATION_BUCKETS: [f64; 13] = [
    0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// Media type of [`Metrics::render`].
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Route label of requests that no route matched: the path itself is under the control of
/// callers and would make any number of series.
pub const UNMATCHED_ROUTE: &str = "unmatched";

/// A process has one recorder, however many servers a test starts in it.
static INSTALLED: Mutex<Option<Metrics>> = Mutex::new(None);

/// Why figures can't be recorded.
#[derive(Debug, thiserror::Error)]
pub enum MetricsError {
    /// The limits of the histograms were refused.
    #[error("the metrics recorder could not be built")]
    Build(#[source] BuildError),
    /// Another library installed a recorder first.
    #[error("another metrics recorder is already installed")]
    AlreadyInstalled,
}

/// The process's recorder; a cheap handle.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
    started: SystemTime,
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics")
            .field("started", &self.started)
            .finish_non_exhaustive()
    }
}

impl Metrics {
    /// Starts recording for the whole process; a second call gives the same recorder.
    ///
    /// # Errors
    /// When another recorder is installed already.
    pub fn install(service: &'static str, version: &'static str) -> Result<Self, MetricsError> {
        let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(metrics) = installed.as_ref() {
            describe(service, version, metrics.started);
            return Ok(metrics.clone());
        }
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(
                Matcher::Suffix("_duration_seconds".to_owned()),
                &DURATION_BUCKETS,
            )
            .map_err(MetricsError::Build)?
            .build_recorder();
        let metrics = Self {
            handle: recorder.handle(),
            started: SystemTime::now(),
        };
        metrics::set_global_recorder(recorder).map_err(|_| MetricsError::AlreadyInstalled)?;
        describe(service, version, metrics.started);
        *installed = Some(metrics.clone());
        Ok(metrics)
    }

    /// Everything recorded so far, in the Prometheus text format.
    #[must_use]
    pub fn render(&self) -> String {
        let uptime = self.started.elapsed().unwrap_or_default();
        metrics::gauge!("process_uptime_seconds").set(uptime.as_secs_f64());
        if let Some(bytes) = resident_bytes() {
            metrics::gauge!("process_resident_memory_bytes").set(bytes);
        }
        let dropped = u64::try_from(logging::dropped_lines()).unwrap_or(u64::MAX);
        metrics::counter!("log_lines_dropped_total").absolute(dropped);
        self.handle.render()
    }

    /// Moves recorded samples into their histograms, so that memory doesn't grow between two
    /// scrapes. The operations server calls it every few seconds.
    pub fn run_upkeep(&self) {
        self.handle.run_upkeep();
    }
}

fn describe(service: &'static str, version: &'static str, started: SystemTime) {
    metrics::describe_gauge!("build_info", "Always 1; the labels say what runs.");
    metrics::gauge!("build_info", "service" => service, "version" => version).set(1.0);
    metrics::describe_gauge!(
        "process_start_time_seconds",
        "Start of the process, Unix time."
    );
    let since_epoch = started.duration_since(UNIX_EPOCH).unwrap_or_default();
    metrics::gauge!("process_start_time_seconds").set(since_epoch.as_secs_f64());
    metrics::describe_gauge!("process_uptime_seconds", "Age of the process.");
    metrics::describe_gauge!(
        "process_resident_memory_bytes",
        "Memory in use (Linux only)."
    );
    metrics::describe_counter!(
        "log_lines_dropped_total",
        "Log lines lost because a disk or a terminal could not keep up."
    );
    metrics::describe_counter!("http_requests_total", "Answered HTTP requests.");
    metrics::describe_histogram!(
        "http_request_duration_seconds",
        "Time from the head of a request to the head of its answer."
    );
}

/// Records one answered HTTP request. `route` must be the pattern of the route, never the path
/// (else use [`UNMATCHED_ROUTE`]), so that the number of series stays bounded.
pub fn record_http_request(method: &str, route: &str, status: u16, duration: Duration) {
    let method = bounded_method(method);
    let route = ROUTES.take(route);
    let status = bounded_status(status);
    metrics::counter!(
        "http_requests_total",
        "method" => method, "route" => route.clone(), "status" => status.clone(),
    )
    .increment(1);
    metrics::histogram!(
        "http_request_duration_seconds",
        "method" => method, "route" => route, "status" => status,
    )
    .record(duration.as_secs_f64());
}

/// Callers may invent methods; series must not follow.
fn bounded_method(method: &str) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN
        .into_iter()
        .find(|known| *known == method)
        .unwrap_or("other")
}

/// A status outside of the registered range is a bug, but not one to run out of memory by.
fn bounded_status(status: u16) -> String {
    if (100..600).contains(&status) {
        status.to_string()
    } else {
        "other".to_owned()
    }
}

/// Second line of defence against a path given for a pattern: at most so many distinct values.
#[derive(Debug)]
struct BoundedLabel(Mutex<BTreeSet<String>>);

/// Routes seen by this process.
static ROUTES: BoundedLabel = BoundedLabel::new();

impl BoundedLabel {
    const MOST: usize = 300;

    const fn new() -> Self {
        Self(Mutex::new(BTreeSet::new()))
    }

    fn take(&self, value: &str) -> String {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !seen.contains(value) {
            if seen.len() >= Self::MOST {
                return "other".to_owned();
            }
            seen.insert(value.to_owned());
        }
        value.to_owned()
    }
}

/// Resident memory from `/proc`, where there is one.
fn resident_bytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u32 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(f64::from(kibibytes) * 1_024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_bounded() {
        assert_eq!(bounded_method("GET"), "GET");
        assert_eq!(bounded_method("get"), "other");
        assert_eq!(bounded_method("BREW"), "other");
        assert_eq!(bounded_status(503), "503");
        assert_eq!(bounded_status(999), "other");
        let routes = BoundedLabel::new();
        let kept = (0..1_000)
            .filter(|n| routes.take(&format!("/{n}")) != "other")
            .count();
        assert_eq!(kept, BoundedLabel::MOST);
        assert_eq!(routes.take("/1"), "/1");
    }

    #[test]
    fn renders_the_process_and_the_requests() {
        let metrics = Metrics::install("test", "1.2.3").expect("the first recorder");
        let again = Metrics::install("test", "1.2.3").expect("the same recorder");
        record_http_request("GET", UNMATCHED_ROUTE, 404, Duration::from_millis(3));
        metrics.run_upkeep();
        let text = again.render();
        for line in [
            "build_info{service=\"test\",version=\"1.2.3\"} 1",
            "http_requests_total{method=\"GET\",route=\"unmatched\",status=\"404\"} 1",
            "process_uptime_seconds",
            "process_start_time_seconds",
            "log_lines_dropped_total 0",
        ] {
            assert!(text.contains(line), "{line} is missing in\n{text}");
        }
        assert!(
            text.contains("http_request_duration_seconds_bucket"),
            "{text}"
        );
    }
}
