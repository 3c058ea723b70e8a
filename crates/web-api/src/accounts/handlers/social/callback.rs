//! `GET /auth/social/{provider}/callback`

use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use zeroize::Zeroizing;

use super::{cookie, provider};
use crate::accounts::Accounts;
use crate::accounts::service::social::{Back, Landing};
use crate::accounts::social::Provider;
use crate::http::openapi::{NotFound, WriteProblems};
use crate::http::problem::Problem;
use crate::routes;

/// Parameters that are looked at.
const MOST: usize = 20;

/// Where providers send browsers back to.
#[utoipa::path(
    get,
    path = routes::SOCIAL_CALLBACK,
    operation_id = "endSocial",
    tag = "accounts",
    params(
        ("provider" = String, Path, description = "`naver`, `google` or `kakao`.", max_length = 10),
        ("state" = Option<String>, Query, description = "What the way began with."),
        ("code" = Option<String>, Query, description = "The provider's code …"),
        ("error" = Option<String>, Query, description = "… or why there is none."),
    ),
    responses((status = 303, description = "To the front end, with `exchangeCode` or `error` in the fragment.", headers(("Location" = String))), NotFound, WriteProblems),
)]
pub(crate) async fn end_social(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    name: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let provider = provider(&name)?;
    let mut back = read(request.query_string());
    back.browser = cookie::of(&request);
    let landing = accounts.social_callback(provider, back).await?;
    Ok(HttpResponse::SeeOther()
        .insert_header((LOCATION, address(provider, &landing).as_str()))
        .insert_header((CACHE_CONTROL, "no-store"))
        .finish())
}

/// Providers add parameters as they like; one of ours that stands twice counts as none.
fn read(query: &str) -> Back {
    let mut back = Back::default();
    let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes())
        .take(MOST)
        .collect();
    let one = |name: &str| {
        let mut values = pairs.iter().filter(|(key, _)| key == name);
        let value = values.next().map(|(_, value)| value.clone().into_owned());
        value.filter(|_| values.next().is_none())
    };
    back.state = one("state");
    back.code = one("code").map(Zeroizing::new);
    back.error = one("error");
    back
}

/// A fragment: it goes to no server and into no log.
fn address(provider: Provider, landing: &Landing) -> Zeroizing<String> {
    let mut fragment = url::form_urlencoded::Serializer::new(String::new());
    match &landing.code {
        Ok(code) => fragment.append_pair("exchangeCode", code),
        Err(failure) => fragment.append_pair("error", failure.code()),
    };
    fragment.append_pair("provider", provider.as_str());
    if let Some(purpose) = landing.purpose {
        fragment.append_pair("purpose", purpose.as_str());
    }
    Zeroizing::new(format!("{}#{}", landing.return_to, fragment.finish()))
}
