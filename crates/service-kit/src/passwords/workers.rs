//! Threads for work that keeps a processor busy. They are few and yield to everybody else's, so that
//! fifty people who sign in at once are served slowly, and whoever searches meanwhile isn't.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::sync::oneshot;

/// How much more than the rest a thread yields, as `nice` counts: beside a busy one of them it gets a
/// tenth of a processor, alone all of it.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;
/// The most that there is.
#[cfg(target_os = "linux")]
const MOST: i32 = 19;

type Job = Box<dyn FnOnce() + Send>;

/// A bounded queue before a fixed number of threads, which end once this is dropped and the queue is
/// empty.
#[derive(Debug, Clone)]
pub(crate) struct Workers(SyncSender<Job>);

/// Why work wasn't done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WorkError {
    /// The queue is full.
    #[error("too much work is waiting")]
    Full,
    /// The work panicked, or the threads are gone.
    #[error("the work was abandoned")]
    Lost,
}

impl Workers {
    /// `threads` threads of this name (15 characters are seen) with a queue of `places`.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(crate) fn start(name: &str, threads: usize, places: usize) -> std::io::Result<Self> {
        let (sender, jobs) = sync_channel::<Job>(places);
        let jobs = Arc::new(Mutex::new(jobs));
        for number in 1..=threads {
            let jobs = Arc::clone(&jobs);
            thread::Builder::new()
                .name(format!("{name}-{number}"))
                .spawn(move || work_on(&jobs))?;
        }
        Ok(Self(sender))
    }

    /// Runs `work` on one of the threads. It isn't begun any more for a caller who has left.
    ///
    /// # Errors
    /// [`WorkError`].
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, WorkError> {
        let (sender, done) = oneshot::channel();
        let job = Box::new(move || {
            if !sender.is_closed() {
                // Whoever left while it was done doesn't want it any more.
                drop(sender.send(work()));
            }
        });
        self.0.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => WorkError::Full,
            TrySendError::Disconnected(_) => WorkError::Lost,
        })?;
        done.await.map_err(|_| WorkError::Lost)
    }
}

fn work_on(jobs: &Mutex<Receiver<Job>>) {
    yield_to_others();
    loop {
        // Held while waiting, by one thread; the others wait for the lock instead. No job runs here.
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else {
            return;
        };
        // The panic hook has logged it; this thread is for the next ones, too.
        drop(catch_unwind(AssertUnwindSafe(job)));
    }
}

/// On Linux a priority is a thread's own; elsewhere this would slow the whole server.
fn yield_to_others() {
    #[cfg(target_os = "linux")]
    if let Err(error) = niceness().and_then(|usual| {
        let more = usual.saturating_add(NICENESS).min(MOST);
        rustix::process::setpriority_process(None, more)
    }) {
        tracing::warn!(%error, "threads for passwords can't yield to others");
    }
}

/// Of the calling thread.
#[cfg(target_os = "linux")]
fn niceness() -> rustix::io::Result<i32> {
    rustix::process::getpriority_process(None)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::channel;

    use super::{WorkError, Workers};

    #[tokio::test]
    async fn they_are_few_named_and_yield() {
        let workers = Workers::start("few", 2, 64).unwrap();
        #[cfg(target_os = "linux")]
        let usual = super::niceness().unwrap();
        let look = move || {
            let name = std::thread::current().name().unwrap_or_default().to_owned();
            #[cfg(target_os = "linux")]
            assert_eq!(super::niceness().unwrap(), (usual + 10).min(19));
            name
        };
        for _ in 0..32 {
            let name = workers.run(look).await.unwrap();
            assert!(["few-1", "few-2"].contains(&name.as_str()), "{name}");
        }
        #[cfg(target_os = "linux")]
        assert_eq!(
            super::niceness().unwrap(),
            usual,
            "nobody else's thread yields"
        );
    }

    // A full queue refuses at once; what is in it is done, unless whoever wanted it has left.
    #[tokio::test]
    async fn the_queue_has_an_end_and_forgets_who_left() {
        let workers = Workers::start("one", 1, 2).unwrap();
        let (started, begun) = channel();
        let (release, released) = channel::<()>();
        let busy = {
            let workers = workers.clone();
            tokio::spawn(async move {
                workers
                    .run(move || {
                        started.send(()).unwrap();
                        released.recv().unwrap();
                    })
                    .await
            })
        };
        tokio::task::spawn_blocking(move || begun.recv().unwrap())
            .await
            .unwrap();
        let done = Arc::new(AtomicUsize::new(0));
        let waiting = |counts: usize| {
            let (workers, done) = (workers.clone(), Arc::clone(&done));
            async move {
                let add = move || done.fetch_add(counts, Ordering::SeqCst);
                workers.run(add).await
            }
        };
        let stays = tokio::spawn(waiting(1));
        let leaves = tokio::spawn(waiting(100));
        let mut refused = Ok(0);
        // Both have to be in the queue before the next one meets its end.
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
            let mut next = Box::pin(waiting(10_000));
            match futures_util::poll!(&mut next) {
                std::task::Poll::Ready(result) => {
                    refused = result;
                    break;
                }
                std::task::Poll::Pending => {}
            }
        }
        assert_eq!(refused, Err(WorkError::Full));
        leaves.abort();
        drop(leaves.await);
        release.send(()).unwrap();
        assert_eq!(busy.await.unwrap(), Ok(()));
        assert!(stays.await.unwrap().is_ok());
        let last = workers.run(|| 7).await;
        assert_eq!(last, Ok(7));
        let done = done.load(Ordering::SeqCst);
        assert!(done < 100, "nobody waited for the rest: {done}");
    }

    #[tokio::test]
    async fn a_panic_costs_nobody_else_a_thread() {
        let workers = Workers::start("panics", 1, 4).unwrap();
        let lost = workers.run(|| -> u8 { panic!("on purpose") }).await;
        assert_eq!(lost, Err(WorkError::Lost));
        assert_eq!(workers.run(|| 1).await, Ok(1));
    }
}
