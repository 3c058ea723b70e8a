//! The one place where errors of allergies become answers.

use service_kit::problem::ProblemKind;

use super::problem::Problem;
use super::problem_texts::Narrow;
use crate::allergies::AllergyError;

impl From<AllergyError> for Problem {
    fn from(error: AllergyError) -> Self {
        match error {
            AllergyError::ConsentRequired => {
                Self::narrow(ProblemKind::Forbidden, Narrow::ConsentRequired)
            }
            AllergyError::Full => Self::narrow(ProblemKind::Conflict, Narrow::AllergiesFull),
            AllergyError::Catalogue(error) => error.into(),
            AllergyError::Account(error) => error.into(),
        }
    }
}
