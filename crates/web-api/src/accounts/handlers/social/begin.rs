//! `GET /auth/social/{provider}`

use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};

use super::{cookie, provider};
use crate::accounts::Accounts;
use crate::accounts::service::social::Begin;
use crate::accounts::social::Purpose;
use crate::http::openapi::{NotFound, WriteProblems};
use crate::http::parameters::Parameters;
use crate::http::problem::Problem;
use crate::routes;

const PURPOSES: &[&str] = &["signIn", "link", "reauthenticate"];
const VALUES: [Purpose; 3] = [Purpose::SignIn, Purpose::Link, Purpose::Reauthenticate];

/// Sends the browser to a provider.
///
/// To be opened as a page, not fetched. Back at `returnTo` the fragment holds `exchangeCode`, good once
/// for 60 seconds in this browser, with `provider` and `purpose`; or `error`: `denied`, `expired`,
/// `invalid_state`, `other_browser`, `provider_unavailable`, `provider_refused`, `not_believed`,
/// `server_error`.
#[utoipa::path(
    get,
    path = routes::SOCIAL,
    operation_id = "beginSocial",
    tag = "accounts",
    params(
        ("provider" = String, Path, description = "`naver`, `google` or `kakao`.", max_length = 10),
        ("returnTo" = Option<String>, Query, description = "One of the server's places to return to, exactly; the first by default."),
        ("purpose" = Option<String>, Query, description = "`signIn` (default), `link` or `reauthenticate`: the code is good for nothing else."),
    ),
    responses((status = 303, description = "To the provider.", headers(("Location" = String))), NotFound, WriteProblems),
)]
pub(crate) async fn begin_social(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    name: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let provider = provider(&name)?;
    let mut parameters = Parameters::read(&request, &["returnTo", "purpose"])?;
    let return_to = parameters.text("returnTo").map(str::to_owned);
    let purpose = parameters.choice("purpose", PURPOSES, &VALUES);
    parameters.finish()?;
    let begun = accounts
        .social_begin(Begin {
            provider,
            purpose: purpose.unwrap_or(Purpose::SignIn),
            return_to,
            browser: cookie::of(&request),
        })
        .await?;
    let response = HttpResponse::SeeOther()
        .insert_header((LOCATION, begun.address))
        .insert_header((CACHE_CONTROL, "no-store"))
        .finish();
    Ok(cookie::with(response, &begun.cookie))
}
