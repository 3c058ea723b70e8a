//! The end of a process: not ready, a grace for load balancers, drain, exit within a deadline.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::logging::LogGuard;
use crate::ops::Health;
use crate::settings::ShutdownSettings;

/// Exit code when the deadline passed before everything had ended.
pub const EXIT_DEADLINE: i32 = 1;

/// Exit code when a second signal asked to end at once (128 + SIGINT, as shells show it).
pub const EXIT_SECOND_SIGNAL: i32 = 130;

/// The stop of this process; a cheap handle.
#[derive(Debug, Clone)]
pub struct Shutdown {
    // `None` where nobody watches over the stages.
    asked: Option<mpsc::Sender<()>>,
    drain: CancellationToken,
    ended: CancellationToken,
    unfinished: Unfinished,
    // Taken by the first call of `ended`.
    watcher: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// How a stop went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Ended,
    Deadline,
    SecondSignal,
}

impl Shutdown {
    /// Listens for SIGTERM and SIGINT in a thread of its own, so that also a busy or blocked
    /// server ends in time. The process exits from that thread where the deadline passes or a
    /// second signal comes; `log` is flushed before.
    ///
    /// # Errors
    /// When the thread or the signal handlers can't be set up.
    pub fn install(settings: ShutdownSettings, health: Health, log: LogGuard) -> io::Result<Self> {
        let (asked, signals) = mpsc::channel(4);
        let shutdown = Self::new(Some(asked.clone()));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (terminate, interrupt) = {
            let _context = runtime.enter();
            (
                signal(SignalKind::terminate())?,
                signal(SignalKind::interrupt())?,
            )
        };
        let handle = shutdown.clone();
        let watcher = std::thread::Builder::new()
            .name("shutdown".to_owned())
            .spawn(move || {
                let outcome = runtime.block_on(async {
                    tokio::spawn(forward(terminate, asked.clone()));
                    tokio::spawn(forward(interrupt, asked));
                    handle.stages(settings, &health, signals).await
                });
                let code = match outcome {
                    Outcome::Ended => return,
                    Outcome::Deadline => EXIT_DEADLINE,
                    Outcome::SecondSignal => EXIT_SECOND_SIGNAL,
                };
                log.flush();
                std::process::exit(code);
            })?;
        *shutdown.watcher() = Some(watcher);
        Ok(shutdown)
    }

    /// A stop without signals, stages and deadline, for a server inside of another program:
    /// [`Shutdown::trigger`] begins to drain at once.
    #[must_use]
    pub fn without_signals() -> Self {
        Self::new(None)
    }

    fn new(asked: Option<mpsc::Sender<()>>) -> Self {
        Self {
            asked,
            drain: CancellationToken::new(),
            ended: CancellationToken::new(),
            unfinished: Unfinished::default(),
            watcher: Arc::default(),
        }
    }

    fn watcher(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.watcher.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Cancelled when servers must stop accepting and finish what is under way.
    #[must_use]
    pub fn token(&self) -> CancellationToken {
        self.drain.clone()
    }

    /// Begins the stop as a signal would.
    pub fn trigger(&self) {
        match &self.asked {
            None => self.drain.cancel(),
            Some(asked) if asked.try_send(()).is_err() => {
                tracing::debug!("a stop is already under way");
            }
            Some(_) => {}
        }
    }

    /// Names something that must end before the process does. Dropping the guard says that it
    /// has; what hasn't is named in the log if the deadline passes.
    #[must_use]
    pub fn task(&self, name: &'static str) -> TaskGuard {
        self.unfinished.begin(name);
        TaskGuard {
            name,
            unfinished: self.unfinished.clone(),
        }
    }

    /// Says that everything has ended and `main` is about to return: the deadline is off. Waits
    /// for a moment until that is logged; the process would be faster than its last line.
    pub fn ended(&self) {
        self.ended.cancel();
        let watcher = self.watcher().take();
        if watcher.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the watch over the stop ended by a panic");
        }
    }

    async fn stages(
        &self,
        settings: ShutdownSettings,
        health: &Health,
        mut signals: mpsc::Receiver<()>,
    ) -> Outcome {
        tokio::select! {
            _ = signals.recv() => {}
            () = self.ended.cancelled() => return Outcome::Ended,
        }
        let deadline = Instant::now() + settings.deadline;
        health.stopping();
        let (grace, limit) = (settings.grace.as_secs(), settings.deadline.as_secs());
        tracing::info!(grace_seconds = grace, deadline_seconds = limit, "stopping");
        let outcome = self.wind_down(settings.grace, deadline, &mut signals).await;
        match outcome {
            Outcome::Ended => tracing::info!("everything has ended"),
            Outcome::Deadline => {
                tracing::error!(unfinished = %self.unfinished, "the deadline passed: exit");
            }
            Outcome::SecondSignal => {
                tracing::error!(unfinished = %self.unfinished, "a second signal came: exit");
            }
        }
        outcome
    }

    async fn wind_down(
        &self,
        grace: Duration,
        deadline: Instant,
        signals: &mut mpsc::Receiver<()>,
    ) -> Outcome {
        tokio::select! {
            () = tokio::time::sleep(grace) => {}
            _ = signals.recv() => return Outcome::SecondSignal,
            () = self.ended.cancelled() => return Outcome::Ended,
        }
        self.drain.cancel();
        tokio::select! {
            biased;
            () = self.ended.cancelled() => Outcome::Ended,
            _ = signals.recv() => Outcome::SecondSignal,
            () = tokio::time::sleep_until(deadline) => Outcome::Deadline,
        }
    }
}

/// Says on drop that a task has ended.
#[derive(Debug)]
pub struct TaskGuard {
    name: &'static str,
    unfinished: Unfinished,
}

impl Drop for TaskGuard {
    fn drop(&mut self) {
        self.unfinished.end(self.name);
    }
}

#[derive(Debug, Clone, Default)]
struct Unfinished(Arc<Mutex<Vec<&'static str>>>);

impl Unfinished {
    fn begin(&self, name: &'static str) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(name);
    }

    fn end(&self, name: &'static str) {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = names.iter().position(|one| *one == name) {
            names.remove(index);
        }
    }
}

impl fmt::Display for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if names.is_empty() {
            f.write_str("nothing named")
        } else {
            f.write_str(&names.join(", "))
        }
    }
}

async fn forward(mut signals: tokio::signal::unix::Signal, asked: mpsc::Sender<()>) {
    while signals.recv().await.is_some() {
        if asked.send(()).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::Readiness;

    const SETTINGS: ShutdownSettings = ShutdownSettings {
        grace: Duration::from_millis(50),
        deadline: Duration::from_millis(400),
    };

    fn start() -> (Shutdown, Health, tokio::task::JoinHandle<Outcome>, Instant) {
        let (asked, signals) = mpsc::channel(4);
        let shutdown = Shutdown::new(Some(asked));
        let health = Health::new();
        let (handle, state) = (shutdown.clone(), health.clone());
        let run = tokio::spawn(async move { handle.stages(SETTINGS, &state, signals).await });
        (shutdown, health, run, Instant::now())
    }

    #[tokio::test]
    async fn not_ready_then_grace_then_drain_then_the_end() {
        let (shutdown, health, run, started) = start();
        shutdown.trigger();
        shutdown.token().cancelled().await;
        assert_eq!(health.readiness(), Readiness::Stopping);
        assert!(started.elapsed() >= SETTINGS.grace);
        shutdown.ended();
        assert_eq!(run.await.expect("no panic"), Outcome::Ended);
    }

    #[tokio::test]
    async fn the_deadline_counts_from_the_signal() {
        let (shutdown, _, run, started) = start();
        let _connections = shutdown.task("connections");
        drop(shutdown.task("sync"));
        shutdown.trigger();
        assert_eq!(run.await.expect("no panic"), Outcome::Deadline);
        assert!(started.elapsed() >= SETTINGS.deadline);
        assert_eq!(shutdown.unfinished.to_string(), "connections");
    }

    #[tokio::test]
    async fn a_second_signal_ends_grace_and_drain() {
        for wait_for_drain in [false, true] {
            let (shutdown, _, run, _) = start();
            shutdown.trigger();
            if wait_for_drain {
                shutdown.token().cancelled().await;
            }
            shutdown.trigger();
            assert_eq!(run.await.expect("no panic"), Outcome::SecondSignal);
        }
    }

    #[tokio::test]
    async fn ends_without_a_signal_where_the_server_fails_first() {
        let (shutdown, health, run, _) = start();
        shutdown.ended();
        assert_eq!(run.await.expect("no panic"), Outcome::Ended);
        assert_eq!(health.readiness(), Readiness::Ready);
    }
}
