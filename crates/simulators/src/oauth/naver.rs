//! Naver: no OpenID Connect in the basic flow, numbers as text, errors with status 200.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use serde_json::{Map, Value, json};

use super::{
    Context, Provider, Wrong,
    token::{self, Problem},
};
use crate::{gate, text};

const LIFETIME: TimeDelta = TimeDelta::hours(1);
const PROVIDER: Provider = Provider::Naver;

/// `GET` or `POST /oauth2.0/token`: exchanges, refreshes, and with `grant_type=delete` unlinks.
pub(crate) async fn token(
    State(context): State<Context>,
    RawQuery(query): RawQuery,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
    body: Bytes,
) -> Response {
    if wrong.has(&Wrong::Garbage) {
        return "<html>".into_response();
    }
    let mut form = text::form(&query.unwrap_or_default());
    form.extend(text::form(&String::from_utf8_lossy(&body)));
    let answer = token::check_client(&context, PROVIDER, &form, &wrong).and_then(|()| {
        if form.get("grant_type").is_some_and(|kind| kind == "delete") {
            delete(&context, token::required(&form, "access_token")?)
        } else {
            give(&context, &form, &wrong)
        }
    });
    // Also where nothing is given the status is 200.
    Json(answer.unwrap_or_else(|problem| error(&problem))).into_response()
}

fn give(
    context: &Context,
    form: &std::collections::BTreeMap<String, String>,
    wrong: &gate::Wrong<Wrong>,
) -> Result<Value, Problem> {
    let redeemed = token::redeem(context, PROVIDER, form, wrong)?;
    let mut answer = Map::from_iter([
        (
            "access_token".to_owned(),
            json!(token::access(context, PROVIDER, &redeemed, LIFETIME)),
        ),
        ("token_type".to_owned(), json!("bearer")),
        (
            "expires_in".to_owned(),
            json!(LIFETIME.num_seconds().to_string()),
        ),
    ]);
    if !redeemed.refreshed {
        let refresh = token::refresh(context, PROVIDER, &redeemed);
        answer.insert("refresh_token".to_owned(), json!(refresh));
    }
    Ok(Value::Object(answer))
}

fn delete(context: &Context, access_token: &str) -> Result<Value, Problem> {
    let mut state = context.handle.lock();
    let token = state.grants.any(PROVIDER, access_token);
    let token = token.ok_or(Problem::RefreshToken)?;
    state.grants.unlink(PROVIDER, &token.person);
    Ok(json!({"access_token": access_token, "result": "success"}))
}

fn error(problem: &Problem) -> Value {
    let (error, description) = match problem {
        Problem::UnknownClient | Problem::WrongSecret => {
            ("invalid_client", "wrong client id / client secret pair")
        }
        Problem::GrantType(_) => ("unsupported_grant_type", "unsupported grant_type"),
        Problem::Missing(name) => ("invalid_request", *name),
        Problem::Code(_) => ("invalid_request", "no valid data in session"),
        Problem::RefreshToken => ("invalid_request", "invalid token"),
    };
    json!({"error": error, "error_description": description})
}

/// `GET /v1/nid/me`.
pub(crate) async fn profile(
    State(context): State<Context>,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
    headers: HeaderMap,
) -> Response {
    if wrong.has(&Wrong::Garbage) {
        return "<html>".into_response();
    }
    if !headers.contains_key(header::AUTHORIZATION) {
        let message = "Authentication header not exists (OAuth 인증 헤더가 없습니다.)";
        return refusal("028", message);
    }
    let Some((_, person)) = context.handle.bearer(PROVIDER, &headers) else {
        return refusal("024", "Authentication failed (인증 실패하였습니다.)");
    };
    let person = token::shown(&context, person, &wrong);
    let mut response = Map::from_iter([
        ("id".to_owned(), json!(person.naver_id())),
        ("nickname".to_owned(), json!(person.nickname)),
        ("name".to_owned(), json!(person.name)),
    ]);
    // Who didn't agree to give it has no such field. Whether it is verified isn't said.
    if let Some(email) = &person.email {
        response.insert("email".to_owned(), json!(email));
    }
    Json(json!({"resultcode": "00", "message": "success", "response": response})).into_response()
}

fn refusal(code: &str, message: &str) -> Response {
    let body = json!({"resultcode": code, "message": message});
    (StatusCode::UNAUTHORIZED, Json(body)).into_response()
}
