//! Waiting for a condition with a deadline, in place of sleeping and hoping.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

const INTERVAL: Duration = Duration::from_millis(10);

/// Asks again and again until the condition holds (`true`) or the deadline has passed (`false`).
/// Blocks the thread: in async tests use [`eventually_async`].
#[must_use]
pub fn eventually(deadline: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + deadline;
    loop {
        if condition() {
            return true;
        }
        if Instant::now() >= end {
            return false;
        }
        thread::sleep(INTERVAL);
    }
}

/// As [`eventually`], without blocking the runtime, whichever it is. Unaffected by a paused tokio clock.
#[must_use = "a condition that never held must fail the test"]
pub async fn eventually_async(
    deadline: Duration,
    mut condition: impl AsyncFnMut() -> bool,
) -> bool {
    let end = Instant::now() + deadline;
    loop {
        if condition().await {
            return true;
        }
        if Instant::now() >= end {
            return false;
        }
        Pause::new(INTERVAL).await;
    }
}

#[derive(Default)]
struct Alarm {
    rung: bool,
    waker: Option<Waker>,
}

/// A timer made of a thread, so that this crate needs no runtime.
struct Pause(Arc<Mutex<Alarm>>);

impl Pause {
    fn new(length: Duration) -> Self {
        let alarm = Arc::new(Mutex::new(Alarm::default()));
        let ours = Arc::clone(&alarm);
        thread::spawn(move || {
            thread::sleep(length);
            let mut alarm = ours
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            alarm.rung = true;
            if let Some(waker) = alarm.waker.take() {
                waker.wake();
            }
        });
        Self(alarm)
    }
}

impl Future for Pause {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut alarm = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if alarm.rung {
            return Poll::Ready(());
        }
        alarm.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_that_comes_true_is_seen() {
        let start = Instant::now();
        assert!(eventually(Duration::from_secs(5), || start.elapsed()
            > Duration::from_millis(30)));
        assert!(start.elapsed() < Duration::from_secs(4));
    }

    #[test]
    fn a_condition_that_never_holds_ends_at_the_deadline() {
        assert!(!eventually(Duration::from_millis(30), || false));
    }
}
