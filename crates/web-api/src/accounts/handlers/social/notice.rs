//! `GET` and `POST /auth/social/kakao/unlink-notice`: Kakao's 연결 끊기 알림.
//!
//! As developers.kakao.com documents it: `Authorization: KakaoAK {admin key}`; `app_id`, `user_id` and
//! `referrer_type` in the query or, by POST, in a form; an answer of 200 within three seconds.

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse, web};
use service_kit::problem::ProblemKind;

use crate::accounts::service::social::is_kakaos;
use crate::accounts::social::SocialRule;
use crate::accounts::{AccountError, Accounts, Rule};
use crate::http::problem::Problem;

/// Longest form that is read.
const LONGEST: usize = 4 * 1024;

/// Somebody ended the link with Kakao there. Who isn't known is no error: Kakao has nothing to mend.
pub(crate) async fn kakao_unlinked(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    body: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let mut shown = request.headers().get_all(AUTHORIZATION);
    let authorization = shown.next().filter(|_| shown.next().is_none());
    let authorization = authorization.and_then(|value| value.to_str().ok());
    if !is_kakaos(accounts.social.as_ref(), authorization) {
        return Err(Problem::new(ProblemKind::Unauthorized));
    }
    if body.len() > LONGEST {
        return Err(Problem::new(ProblemKind::PayloadTooLarge));
    }
    let id = of(request.query_string().as_bytes()).or_else(|| of(&body));
    let digits =
        |id: &String| (1..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit());
    let Some(id) = id.filter(digits) else {
        return Err(AccountError::invalid("user_id", Rule::Social(SocialRule::KakaoUser)).into());
    };
    accounts.kakao_unlinked(&id).await?;
    Ok(HttpResponse::Ok().finish())
}

fn of(form: &[u8]) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(form);
    let found = pairs.find(|(name, _)| name == "user_id");
    found.map(|(_, value)| value.into_owned())
}
