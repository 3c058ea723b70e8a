//! The one place where errors of quotes and events become answers.

use service_kit::problem::ProblemKind;

use super::problem::Problem;
use super::problem_texts::Narrow;
use crate::content::ContentError;

impl From<ContentError> for Problem {
    fn from(error: ContentError) -> Self {
        let narrow = match error {
            ContentError::NoQuotes => Narrow::NoHealthQuotes,
            ContentError::UnknownQuote => Narrow::HealthQuoteNotFound,
            ContentError::UnknownEvent => Narrow::EventNotFound,
        };
        Self::narrow(ProblemKind::NotFound, narrow)
    }
}
