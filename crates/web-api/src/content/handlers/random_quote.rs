//! `GET /health-quotes/random`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::of_database;
use crate::accounts::Accounts;
use crate::accounts::handlers::answer;
use crate::content::ContentError;
use crate::content::answers::HealthQuote;
use crate::content::store::quotes;
use crate::http::openapi::{NotFound, Problems};
use crate::http::parameters::Parameters;
use crate::http::problem::Problem;
use crate::routes;

/// Gives a quote about health by chance, each as often as any other.
///
/// Another one each time: it has no `ETag`, and nobody keeps it. Without any there is 404
/// `no_health_quotes`.
#[utoipa::path(
    get,
    path = routes::RANDOM_QUOTE,
    operation_id = "randomHealthQuote",
    tag = "content",
    responses((status = 200, description = "A quote.", body = HealthQuote), NotFound, Problems),
)]
pub(crate) async fn random_quote(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
) -> Result<HttpResponse, Problem> {
    Parameters::read(&request, &[])?.finish()?;
    let draw = |count: i64| rand::random_range(1..=count);
    let found = accounts.pool.run(move |db| quotes::random(db, draw)).await;
    let quote = found.map_err(of_database)?.ok_or(ContentError::NoQuotes)?;
    answer(StatusCode::OK, &HealthQuote::from(quote))
}
