//! The one place where refusals of synchronisations become answers.

use service_kit::problem::ProblemKind;

use super::problem::Problem;
use super::problem_texts::{Message, Narrow};
use crate::accounts::AccountError;
use crate::mfds::desk::StartError;

impl From<StartError> for Problem {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Unavailable => {
                Self::narrow(ProblemKind::Unavailable, Narrow::CatalogueSyncUnavailable)
            }
            StartError::Db(error) => AccountError::Db(error).into(),
        }
    }
}

/// Somebody is at it already; at which run, where that is known.
pub(crate) fn is_running(id: Option<i64>) -> Problem {
    let problem = Problem::narrow(ProblemKind::Conflict, Narrow::CatalogueSyncRunning);
    match id {
        Some(id) => problem.with_detail(Message::RunningSync(id)),
        None => problem,
    }
}
