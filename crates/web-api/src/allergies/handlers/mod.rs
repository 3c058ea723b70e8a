//! From requests to the service and back, one file a call.

pub(crate) mod add_allergy;
pub(crate) mod list_allergies;
pub(crate) mod remove_allergy;

use actix_web::HttpRequest;
use domain::catalogue::IngredientId;

use crate::http::parameters::{Parameters, path_id};
use crate::http::problem::Problem;

/// The ingredient that an address names.
fn ingredient(request: &HttpRequest) -> Result<IngredientId, Problem> {
    Parameters::read(request, &[])?.finish()?;
    path_id(request)
}
