//! The one place where errors of the catalogue become answers.

use std::time::Duration;

use service_kit::problem::ProblemKind;

use super::problem::Problem;
use super::problem_texts::{Message, Narrow};
use crate::catalogue::CatalogueError;

/// A first load takes seconds.
const LOADING: Duration = Duration::from_secs(5);

impl From<CatalogueError> for Problem {
    fn from(error: CatalogueError) -> Self {
        match error {
            CatalogueError::Loading => {
                Self::narrow(ProblemKind::Unavailable, Narrow::CatalogueLoading)
                    .with_retry_after(LOADING)
            }
            CatalogueError::UnknownMedicine(id) => {
                Self::narrow(ProblemKind::NotFound, Narrow::MedicineNotFound)
                    .with_detail(Message::UnknownMedicine(id.to_string()))
            }
            CatalogueError::UnknownMedicines(ids) => ids.into_iter().fold(
                Self::narrow(ProblemKind::NotFound, Narrow::MedicineNotFound),
                |problem, id| {
                    let message = Message::UnknownMedicine(id.to_string());
                    problem
                        .with_detail(message.clone())
                        .with_error("ids", message)
                },
            ),
            CatalogueError::UnknownIngredient(_) => {
                Self::narrow(ProblemKind::NotFound, Narrow::IngredientNotFound)
            }
            CatalogueError::AllergiesUnavailable => {
                Self::narrow(ProblemKind::Unavailable, Narrow::AllergiesUnavailable)
                    .with_retry_after(LOADING)
            }
            CatalogueError::SameMedicine => {
                Self::narrow(ProblemKind::ValidationFailed, Narrow::SameMedicine)
                    .with_error("ids", Message::TwoDifferentIds)
            }
            CatalogueError::NothingToSearch => {
                Self::invalid_field("query", Message::NothingToSearch)
            }
        }
    }
}
