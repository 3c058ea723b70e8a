//! The one place where errors of wishes and compare boxes become answers.

use service_kit::problem::ProblemKind;

use super::account_errors::of_database;
use super::problem::Problem;
use super::problem_texts::Narrow;
use crate::marks::MarkError;

impl From<MarkError> for Problem {
    fn from(error: MarkError) -> Self {
        match error {
            MarkError::NoMember => Self::narrow(ProblemKind::Unauthorized, Narrow::InvalidToken),
            MarkError::WishesFull => Self::narrow(ProblemKind::Conflict, Narrow::WishesFull),
            MarkError::BoxFull => Self::narrow(ProblemKind::Conflict, Narrow::CompareBoxFull),
            MarkError::Catalogue(error) => error.into(),
            MarkError::Db(error) => of_database(&error),
        }
    }
}
