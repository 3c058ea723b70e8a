//! The one place where errors of reviews become answers.

use service_kit::problem::ProblemKind;

use super::problem::Problem;
use super::problem_texts::{Message, Narrow};
use crate::reviews::ReviewError;

impl From<ReviewError> for Problem {
    fn from(error: ReviewError) -> Self {
        match error {
            ReviewError::Unknown => Self::narrow(ProblemKind::NotFound, Narrow::ReviewNotFound),
            ReviewError::Exists => Self::narrow(ProblemKind::Conflict, Narrow::ReviewExists),
            ReviewError::Full => Self::narrow(ProblemKind::Conflict, Narrow::ReviewsFull),
            ReviewError::Own => Self::narrow(ProblemKind::Forbidden, Narrow::OwnReview),
            ReviewError::NotOwn => Self::narrow(ProblemKind::Forbidden, Narrow::NotOwnReview),
            ReviewError::ConsentRequired => {
                Self::narrow(ProblemKind::Forbidden, Narrow::ConsentRequired)
            }
            ReviewError::Notice => Self::invalid_field("noticeVersion", Message::Notice),
            ReviewError::Catalogue(error) => error.into(),
            ReviewError::Account(error) => error.into(),
        }
    }
}
