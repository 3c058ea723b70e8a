//! The one who writes: a thread that carries out what has gathered, syncs once, and then tells
//! everybody. So a sync, which takes milliseconds, is shared by all who wait for it, and nobody
//! is told before his write is on disk.

use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use tokio::sync::{mpsc, oneshot};

use super::StoreError;

/// Most writes that share a sync.
const GROUP: usize = 256;

/// Most writes that wait for one; more wait before they queue.
const QUEUE: usize = 1024;

/// Time limit of a write, with its wait.
const WRITE: Duration = Duration::from_secs(5);

/// Tells one caller how it went, after all of the group is on disk or isn't.
type Tell = Box<dyn FnOnce(Result<(), &Failure>)>;

/// A write. Without a connection it does nothing, and only tells.
type Job = Box<dyn FnOnce(Option<&mut SqliteConnection>) -> Tell + Send>;

/// Why none of a group was written.
#[derive(Debug)]
enum Failure {
    Gone,
    Database(String),
}

impl Failure {
    fn error(&self) -> StoreError {
        match self {
            Self::Gone => StoreError::Gone,
            Self::Database(text) => StoreError::Unwritable(text.clone().into()),
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
}

impl Writer {
    /// Starts the thread; it ends with the last handle.
    pub(super) fn start(path: PathBuf, connection: SqliteConnection) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        std::thread::Builder::new()
            .name("chat-store-writer".to_owned())
            .spawn(move || write(&path, connection, queue))
            .map_err(|error| StoreError::Open(error.into()))?;
        Ok(Self { jobs })
    }

    /// Carries out a write of its own: a failure of it undoes it alone. An answer means that it is
    /// on disk. Who stops waiting doesn't undo it.
    pub(super) async fn run<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + Send + 'static,
        F: FnOnce(&mut SqliteConnection) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            // A savepoint: the group's transaction is around it.
            let done = connection.map(|db| db.transaction(work));
            Box::new(move |written| {
                let result = match (written, done) {
                    (Ok(()), Some(done)) => done,
                    (Ok(()), None) => Err(StoreError::TimedOut.into()),
                    (Err(failure), _) => Err(failure.error().into()),
                };
                // Nobody may be waiting any more.
                drop(reply.send(result));
            })
        });
        let written = async {
            self.jobs.send(job).await.map_err(|_| ended())?;
            answer.await.map_err(|_| ended())
        };
        match tokio::time::timeout(WRITE, written).await {
            Ok(Ok(result)) => result,
            Ok(Err(error)) => Err(error.into()),
            Err(_) => Err(StoreError::TimedOut.into()),
        }
    }
}

fn ended() -> StoreError {
    StoreError::NoAnswer("the writing thread has ended".into())
}

fn write(path: &Path, mut connection: SqliteConnection, mut queue: mpsc::Receiver<Job>) {
    let mut group = Vec::with_capacity(GROUP);
    while queue.blocking_recv_many(&mut group, GROUP) > 0 {
        // SQLite goes on writing into a deleted file, and everything is lost with the process.
        if super::is_file(path) {
            commit(&mut connection, &mut group);
        } else {
            refuse(group.drain(..), &Failure::Gone);
        }
    }
}

fn commit(connection: &mut SqliteConnection, group: &mut Vec<Job>) {
    let mut tell = Vec::with_capacity(group.len());
    let written = connection.immediate_transaction(|db| {
        tell.extend(group.drain(..).map(|job| job(Some(&mut *db))));
        Ok::<_, diesel::result::Error>(())
    });
    let failure = written
        .err()
        .map(|error| Failure::Database(error.to_string()));
    if let Some(failure) = &failure {
        // The transaction didn't even begin: these weren't called.
        refuse(group.drain(..), failure);
    }
    for tell in tell {
        tell(failure.as_ref().map_or(Ok(()), Err));
    }
}

fn refuse(jobs: impl Iterator<Item = Job>, failure: &Failure) {
    for job in jobs {
        job(None)(Err(failure));
    }
}
