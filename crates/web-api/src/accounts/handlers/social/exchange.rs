//! `POST /auth/social/exchange`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use zeroize::Zeroizing;

use super::cookie;
use crate::accounts::Accounts;
use crate::accounts::answers::SignedAnswer;
use crate::accounts::handlers::{answer, device, transport};
use crate::accounts::service::social::{Exchanged, MayExchange};
use crate::accounts::social_answers::{ExchangeBody, SignUpRequiredAnswer};
use crate::http::json::Json;
use crate::http::openapi::WriteProblems;
use crate::http::problem::Problem;
use crate::routes;

/// Signs in by the code of a way to a provider and back.
#[utoipa::path(
    post,
    path = routes::SOCIAL_EXCHANGE,
    operation_id = "exchangeSocial",
    tag = "accounts",
    params(("X-Refresh-Transport" = Option<String>, Header, description = "`cookie`: the refresh token comes in a cookie; else `body`.")),
    request_body = ExchangeBody,
    responses(
        (status = 201, description = "Signed in.", body = SignedAnswer),
        (status = 200, description = "Nobody here is linked with this person: sign up.", body = SignUpRequiredAnswer),
        WriteProblems,
    ),
)]
pub(crate) async fn exchange_social(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    Json(body): Json<ExchangeBody>,
) -> Result<HttpResponse, Problem> {
    let by_cookie = transport::by_cookie(request.headers())?;
    let may = MayExchange {
        code: Zeroizing::new(body.exchange_code),
        browser: cookie::of(&request),
    };
    match accounts.social_exchange(may, device(&request)).await? {
        Exchanged::Signed(signed) => {
            let response = answer(StatusCode::CREATED, &SignedAnswer::new(&signed, by_cookie))?;
            Ok(if by_cookie {
                transport::with_token(response, &signed)
            } else {
                response
            })
        }
        Exchanged::New { token, expires_at } => answer(
            StatusCode::OK,
            &SignUpRequiredAnswer::new(&token, expires_at),
        ),
    }
}
