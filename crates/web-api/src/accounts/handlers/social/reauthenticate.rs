//! `POST /me/reauthentications`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::account::PasswordAttempt;
use zeroize::Zeroizing;

use super::cookie;
use crate::accounts::handlers::{address, answer};
use crate::accounts::service::social::{MayExchange, Proof};
use crate::accounts::social_answers::{FreshAnswer, ReauthenticationBody};
use crate::accounts::{AccountError, Accounts, Rule};
use crate::http::caller::SignedIn;
use crate::http::json::Json;
use crate::http::openapi::WriteProblems;
use crate::http::problem::Problem;
use crate::routes;

/// Proves that it is still oneself.
///
/// By `password`, or by the `exchangeCode` of a way that was begun with `purpose=reauthenticate`. The
/// session counts as fresh for ten minutes then.
#[utoipa::path(
    post,
    path = routes::REAUTHENTICATIONS,
    operation_id = "reauthenticate",
    tag = "accounts",
    request_body = ReauthenticationBody,
    responses((status = 200, description = "Proved.", body = FreshAnswer), WriteProblems),
)]
pub(crate) async fn reauthenticate(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
    Json(body): Json<ReauthenticationBody>,
) -> Result<HttpResponse, Problem> {
    let proof = match (body.password, body.exchange_code) {
        (Some(password), None) => {
            let password = Zeroizing::new(password);
            Proof::Password(PasswordAttempt::new(&password), address(&request))
        }
        (None, Some(code)) => Proof::Social(MayExchange {
            code: Zeroizing::new(code),
            browser: cookie::of(&request),
        }),
        _ => return Err(AccountError::invalid("password", Rule::OneOfTwo).into()),
    };
    let until = accounts
        .reauthenticate(member.id.clone(), member.session.clone(), proof)
        .await?;
    answer(StatusCode::OK, &FreshAnswer::new(until))
}
