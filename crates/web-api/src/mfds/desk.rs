//! Where admins ask for a synchronisation. The schedule, which alone runs any in this process, takes what
//! is asked: a run outlives the request, and stops with the process.

use tokio::sync::{mpsc, oneshot};

use super::sync::Note;
use crate::db::DbError;

/// Asks that wait, at most; each is answered within moments.
const WAITING: usize = 32;

/// Where to ask.
#[derive(Debug, Clone)]
pub struct Desk(mpsc::Sender<Ask>);

/// Where asks arrive.
#[derive(Debug)]
pub struct Asks(mpsc::Receiver<Ask>);

/// Somebody wants a synchronisation.
pub(super) struct Ask {
    pub(super) note: Note,
    pub(super) answer: oneshot::Sender<Result<Started, DbError>>,
}

impl std::fmt::Debug for Ask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ask").finish_non_exhaustive()
    }
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Started {
    /// This run began, or goes on.
    Begun(i64),
    /// Somebody is at it, at this run where that is known.
    Busy(Option<i64>),
}

/// Why nothing was started.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    /// Nobody synchronises here: there is no key for the feed, or the process ends.
    #[error("nobody synchronises here")]
    Unavailable,
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// A desk, and what arrives there.
#[must_use]
pub fn desk() -> (Desk, Asks) {
    let (sender, receiver) = mpsc::channel(WAITING);
    (Desk(sender), Asks(receiver))
}

impl Desk {
    /// Asks for a synchronisation; `note` is written down in the transaction that begins it.
    ///
    /// # Errors
    /// [`StartError`].
    pub(crate) async fn start(&self, note: Note) -> Result<Started, StartError> {
        let (answer, answered) = oneshot::channel();
        let ask = Ask { note, answer };
        self.0.try_send(ask).map_err(|_| StartError::Unavailable)?;
        Ok(answered.await.map_err(|_| StartError::Unavailable)??)
    }
}

impl Asks {
    /// The next one; `None` when nobody can ask any more.
    pub(super) async fn next(&mut self) -> Option<Ask> {
        self.0.recv().await
    }
}

impl Ask {
    /// Answers. Who asked may have gone.
    pub(super) fn answer(self, with: Result<Started, DbError>) {
        drop(self.answer.send(with));
    }
}
