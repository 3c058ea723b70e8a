//! The page where a developer chooses who signs in.

use axum::response::Response;

use super::{Context, Provider, id_token::has_scope};
use crate::text::{self, escape};

/// What the page adds to the address when somebody has chosen.
pub(crate) const CHOSEN: &str = "_person";
/// What it adds when somebody refuses.
pub(crate) const REFUSED: &str = "_deny";

/// The page where a developer chooses who signs in.
pub(crate) fn page(context: &Context, provider: Provider, query: &str) -> Response {
    let name = match provider {
        Provider::Naver => "네이버",
        Provider::Google => "Google",
        Provider::Kakao => "카카오",
    };
    let link = |parameter: &str, value: &str, text: &str| {
        let chosen: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair(parameter, value)
            .finish();
        format!(
            "<a class=\"choice\" href=\"?{}&amp;{}\">{}</a>",
            escape(query),
            escape(&chosen),
            escape(text)
        )
    };
    let people: String = context
        .handle
        .people()
        .iter()
        .map(|person| {
            let email = person.email.as_deref().unwrap_or("이메일 없음");
            let text = format!("{} ({email})", person.name);
            link(CHOSEN, &person.id, &text)
        })
        .collect();
    let asked = text::form(query);
    let scope = asked.get("scope").map_or("", String::as_str);
    let note = if has_scope(scope, "openid") {
        "<p>OpenID Connect</p>"
    } else {
        ""
    };
    let body = format!(
        "<p>개발용 로그인 화면입니다. 누구로 로그인할까요?</p>{note}{people}{}",
        link(REFUSED, "1", "동의하지 않음")
    );
    text::page(&format!("{name} 로그인 (개발용)"), &body)
}
