//! Structured logs: standard output for people and collectors, and daily files that are kept for
//! a month, with the errors once more in a file of their own.

mod panics;

use std::io::IsTerminal;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tracing::{Dispatch, Level};
use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::filter::{EnvFilter, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

pub use panics::install as log_panics;

use crate::settings::{LogFormat, LogSettings, SettingsError};

/// How many daily files of each kind are kept.
pub const KEPT_FILES: usize = 30;

/// Lines that wait for a slow disk or terminal before new ones are dropped (and counted).
const BUFFERED_LINES: usize = 32_768;

/// Counters of the process's log, once [`init`] has started it.
static DROPPED: OnceLock<Vec<ErrorCounter>> = OnceLock::new();

/// Keeps the writers going. Dropping the last clone, or [`LogGuard::flush`], writes what is
/// buffered and ends them.
#[derive(Debug, Clone)]
pub struct LogGuard {
    writers: Arc<Mutex<Vec<WorkerGuard>>>,
    dropped: Vec<ErrorCounter>,
}

impl LogGuard {
    /// Writes what is buffered and ends the writers: the last act of a process that is about to
    /// exit without unwinding. Lines logged afterwards are lost.
    pub fn flush(&self) {
        let writers =
            std::mem::take(&mut *self.writers.lock().unwrap_or_else(PoisonError::into_inner));
        drop(writers);
    }

    /// How many lines were dropped because a writer could not keep up.
    #[must_use]
    pub fn dropped_lines(&self) -> usize {
        sum(&self.dropped)
    }
}

/// How many lines the process's log has dropped because a disk or a terminal could not keep up.
#[must_use]
pub fn dropped_lines() -> usize {
    DROPPED.get().map_or(0, |counters| sum(counters))
}

fn sum(counters: &[ErrorCounter]) -> usize {
    counters.iter().map(ErrorCounter::dropped_lines).sum()
}

/// Starts logging for the whole process and logs panics from now on. `service` begins the names
/// of the files, so that servers can share a folder.
///
/// # Errors
/// When the folder can't be written (names `LOG_DIR`) or logging was started before.
pub fn init(settings: &LogSettings, service: &str) -> Result<LogGuard, SettingsError> {
    let (dispatch, guard) = build(settings, service)?;
    tracing::dispatcher::set_global_default(dispatch)
        .map_err(|_| SettingsError::single("LOG_LEVEL", "logging was started twice"))?;
    // Nothing else sets it: a second call has returned by now.
    DROPPED.get_or_init(|| guard.dropped.clone());
    log_panics();
    Ok(guard)
}

/// What [`init`] installs, for a test that logs only what a closure does.
///
/// # Errors
/// When the folder can't be written (names `LOG_DIR`) or the filter can't be parsed.
pub fn build(settings: &LogSettings, service: &str) -> Result<(Dispatch, LogGuard), SettingsError> {
    let filter = EnvFilter::try_new(&settings.filter)
        .map_err(|error| SettingsError::single("LOG_LEVEL", error.to_string()))?;
    // The appender would make the folder too, but complains on standard error before it does.
    std::fs::create_dir_all(&settings.dir).map_err(|error| unusable(&settings.dir, &error))?;
    // Neither name is a prefix of the other: the appender counts and prunes its files by prefix.
    let all = daily_file(&settings.dir, &format!("{service}.all"))?;
    let errors = daily_file(&settings.dir, &format!("{service}.error"))?;
    let (all, all_guard) = non_blocking(all);
    let (errors, errors_guard) = non_blocking(errors);
    let (stdout, stdout_guard) = non_blocking(std::io::stdout());
    let guard = LogGuard {
        dropped: [&all, &errors, &stdout]
            .map(NonBlocking::error_counter)
            .to_vec(),
        writers: Arc::new(Mutex::new(vec![all_guard, errors_guard, stdout_guard])),
    };
    let console = match settings.format {
        LogFormat::Json => json(stdout).boxed(),
        LogFormat::Pretty => tracing_subscriber::fmt::layer()
            .with_ansi(std::io::stdout().is_terminal())
            .with_writer(stdout)
            .boxed(),
    };
    // Spans of every level: a level filter would take the request id away from the errors.
    let only_errors = filter_fn(|event| event.is_span() || *event.level() == Level::ERROR);
    let silenced = settings.silenced;
    let allowed = filter_fn(move |event| {
        !silenced
            .iter()
            .any(|target| event.target().starts_with(target))
    });
    let subscriber = tracing_subscriber::registry()
        .with(allowed)
        .with(filter)
        .with(json(all))
        .with(json(errors).with_filter(only_errors))
        .with(console);
    Ok((Dispatch::new(subscriber), guard))
}

/// One JSON object a line with the time in UTC (RFC 3339) and the fields of all open spans.
fn json<S>(writer: NonBlocking) -> impl Layer<S> + Send + Sync
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
{
    tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_writer(writer)
}

fn daily_file(dir: &Path, prefix: &str) -> Result<RollingFileAppender, SettingsError> {
    RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix(prefix)
        .filename_suffix("log")
        .max_log_files(KEPT_FILES)
        .build(dir)
        .map_err(|error| unusable(dir, &error))
}

fn unusable(dir: &Path, error: &dyn std::error::Error) -> SettingsError {
    let text = format!(
        "expected a folder that can be written, for example LOG_DIR=data/logs; {} gives: {error}",
        dir.display()
    );
    SettingsError::single("LOG_DIR", text)
}

fn non_blocking<W: std::io::Write + Send + 'static>(writer: W) -> (NonBlocking, WorkerGuard) {
    NonBlockingBuilder::default()
        .buffered_lines_limit(BUFFERED_LINES)
        .thread_name("log-writer")
        .finish(writer)
}
