//! `PUT /admin/ingredients/{id}`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::catalogue::IngredientId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::handlers::answer;
use crate::accounts::store::audit::{self, Action};
use crate::accounts::{AccountError, Accounts};
use crate::catalogue::CatalogueError;
use crate::catalogue::store;
use crate::db::Db;
use crate::http::caller::Admin;
use crate::http::checks::{Checks, Lines};
use crate::http::json::Json;
use crate::http::openapi::{NotFound, WriteProblems};
use crate::http::parameters::path_id;
use crate::http::problem::Problem;
use crate::routes;

/// Characters of a description, at most.
const LONGEST: usize = 1_000;

/// What is said of an ingredient.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IngredientDescriptionBody {
    /// Plain text, also of several lines; null takes it back.
    // To be said: by itself serde takes what is left out for null.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required = true, min_length = 1, max_length = 1_000)]
    description: Option<String>,
}

/// An ingredient with what is said of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DescribedIngredient {
    #[schema(example = "1024")]
    id: String,
    #[schema(example = "아세트아미노펜")]
    name: String,
    #[schema(required = true)]
    description: Option<String>,
}

/// Writes what is said of an ingredient.
///
/// Shown within seconds, on every server; it stays when the catalogue is synchronised. One that was merged
/// into another has none of its own: 404.
#[utoipa::path(
    put,
    path = routes::ADMIN_INGREDIENT,
    operation_id = "describeIngredient",
    tag = "admin",
    params(("id" = String, Path, pattern = "^[1-9][0-9]{0,17}$", description = "The ingredient's permanent id.")),
    request_body = IngredientDescriptionBody,
    responses((status = 200, description = "As it is now.", body = DescribedIngredient), NotFound, WriteProblems),
)]
pub(crate) async fn describe_ingredient(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    Admin(admin): Admin,
    Json(body): Json<IngredientDescriptionBody>,
) -> Result<HttpResponse, Problem> {
    let id: IngredientId = path_id(&request)?;
    let mut checks = Checks::default();
    let text = body.description.as_deref();
    let description = text.map(|text| checks.text("description", text, LONGEST, Lines::Many));
    checks.finish()?;
    let now = accounts.clock.now();
    let written = description.clone();
    let write = move |db: &mut Db| {
        let name = store::describe(db, id, written.as_deref())?;
        let action = match name {
            Some(_) => Action::ContentChanged,
            None => Action::ContentRead,
        };
        if name.is_some() {
            store::touch(db)?;
        }
        let detail = format!("ingredient {id}");
        audit::did(db, action, Some(&admin.id), &detail, now)?;
        Ok(name)
    };
    let name = accounts.pool.run(move |db| db.write_tx(write)).await;
    let name = name.map_err(AccountError::Db)?;
    let name = name.ok_or(CatalogueError::UnknownIngredient(id))?;
    let id = id.to_string();
    let answered = DescribedIngredient {
        id,
        name,
        description,
    };
    answer(StatusCode::OK, &answered)
}
