//! `PUT` and `DELETE /me/social/{provider}`

use actix_web::{HttpRequest, HttpResponse, web};
use zeroize::Zeroizing;

use super::{cookie, provider};
use crate::accounts::Accounts;
use crate::accounts::handlers::done;
use crate::accounts::service::social::MayExchange;
use crate::accounts::social_answers::ExchangeBody;
use crate::http::caller::SignedIn;
use crate::http::json::Json;
use crate::http::openapi::{Conflict, NotFound, WriteProblems};
use crate::http::problem::Problem;
use crate::routes;

/// Links a provider with one's account.
///
/// With the code of a way that was begun with `purpose=link`, and within ten minutes of proving oneself
/// (`POST /me/reauthentications`). Linking twice is linking once.
#[utoipa::path(
    put,
    path = routes::MY_SOCIAL,
    operation_id = "linkSocial",
    tag = "accounts",
    params(("provider" = String, Path, description = "`naver`, `google` or `kakao`.", max_length = 10)),
    request_body = ExchangeBody,
    responses((status = 204, description = "Linked."), Conflict, NotFound, WriteProblems),
)]
pub(crate) async fn link_social(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
    name: web::Path<String>,
    Json(body): Json<ExchangeBody>,
) -> Result<HttpResponse, Problem> {
    let provider = provider(&name)?;
    let may = MayExchange {
        code: Zeroizing::new(body.exchange_code),
        browser: cookie::of(&request),
    };
    accounts
        .social_link(member.id.clone(), member.session.clone(), provider, may)
        .await?;
    Ok(done())
}

/// Unlinks a provider from one's account.
///
/// Within ten minutes of proving oneself; never the last way to sign in. The provider is told.
#[utoipa::path(
    delete,
    path = routes::MY_SOCIAL,
    operation_id = "unlinkSocial",
    tag = "accounts",
    params(("provider" = String, Path, description = "`naver`, `google` or `kakao`.", max_length = 10)),
    responses((status = 204, description = "Not linked any more."), Conflict, NotFound, WriteProblems),
)]
pub(crate) async fn unlink_social(
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
    name: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let provider = provider(&name)?;
    accounts
        .social_unlink(member.id.clone(), member.session.clone(), provider)
        .await?;
    Ok(done())
}
