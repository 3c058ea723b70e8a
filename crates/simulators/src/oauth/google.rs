//! Google: OpenID Connect by the book.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use serde_json::{Map, Value, json};
use tokio::task;

use super::{
    Context, Provider, Wrong,
    grants::CodeProblem,
    id_token::{self, Subject, has_scope},
    token::{self, Problem},
};
use crate::{gate, text};

const PROVIDER: Provider = Provider::Google;
const LIFETIME: TimeDelta = TimeDelta::seconds(3599);

/// `GET /.well-known/openid-configuration`.
pub(crate) async fn discovery(
    State(context): State<Context>,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
) -> Response {
    if wrong.has(&Wrong::Garbage) {
        return "<html>".into_response();
    }
    let issuer = context.issuer(PROVIDER);
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/o/oauth2/v2/auth"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/v1/userinfo"),
        "revocation_endpoint": format!("{issuer}/revoke"),
        "jwks_uri": format!("{issuer}/oauth2/v3/certs"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": [
            "aud", "auth_time", "email", "email_verified", "exp", "iat", "iss", "name", "sub"
        ],
        "code_challenge_methods_supported": ["S256"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
    });
    let cache = [(header::CACHE_CONTROL, "public, max-age=3600")];
    (cache, Json(document)).into_response()
}

/// `GET /oauth2/v3/certs`.
pub(crate) async fn keys(
    State(context): State<Context>,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
) -> Response {
    let seconds = context.handle.config.keys_max_age.as_secs();
    let cache = format!("public, max-age={seconds}, must-revalidate, no-transform");
    let cache = HeaderValue::from_str(&cache).unwrap_or(HeaderValue::from_static("no-store"));
    let keys = published(&context, PROVIDER, &wrong).await;
    ([(header::CACHE_CONTROL, cache)], keys).into_response()
}

/// A provider's keys as they are published.
pub(crate) async fn published(
    context: &Context,
    provider: Provider,
    wrong: &gate::Wrong<Wrong>,
) -> Response {
    if wrong.has(&Wrong::Garbage) {
        return "<html>".into_response();
    }
    let ring = context.handle.ring(provider);
    let stale = wrong.has(&Wrong::StaleKeys);
    match task::spawn_blocking(move || ring.published(provider, stale)).await {
        Ok(Ok(keys)) => Json(keys).into_response(),
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// `POST /token`.
pub(crate) async fn token(
    State(context): State<Context>,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if wrong.has(&Wrong::Garbage) {
        return "<html>".into_response();
    }
    let mut form = text::form(&String::from_utf8_lossy(&body));
    if let Some((id, secret)) = token::basic(&headers) {
        form.insert("client_id".to_owned(), id);
        form.insert("client_secret".to_owned(), secret);
    }
    let redeemed = token::check_client(&context, PROVIDER, &form, &wrong)
        .and_then(|()| token::redeem(&context, PROVIDER, &form, &wrong));
    let redeemed = match redeemed {
        Ok(redeemed) => redeemed,
        Err(problem) => return error(&problem),
    };
    let access_token = token::access(&context, PROVIDER, &redeemed, LIFETIME);
    let subject = Subject {
        provider: PROVIDER,
        person: &redeemed.person,
        scope: &redeemed.scope,
        nonce: redeemed.nonce.as_deref(),
        signed_in: redeemed.signed_in,
        access_token: &access_token,
        lifetime: TimeDelta::hours(1),
    };
    let Ok(id_token) = id_token::issue(&context, &subject, &wrong).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut answer = Map::from_iter([
        ("access_token".to_owned(), json!(access_token)),
        ("expires_in".to_owned(), json!(LIFETIME.num_seconds())),
        ("scope".to_owned(), json!(redeemed.scope)),
        ("token_type".to_owned(), json!("Bearer")),
    ]);
    if let Some(id_token) = id_token {
        answer.insert("id_token".to_owned(), json!(id_token));
    }
    if !redeemed.refreshed {
        let refresh = token::refresh(&context, PROVIDER, &redeemed);
        answer.insert("refresh_token".to_owned(), json!(refresh));
    }
    ([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response()
}

fn error(problem: &Problem) -> Response {
    let (status, error, description) = match problem {
        Problem::UnknownClient => (401, "invalid_client", "The OAuth client was not found."),
        Problem::WrongSecret => (401, "invalid_client", "Unauthorized"),
        Problem::GrantType(_) => (400, "unsupported_grant_type", "Invalid grant_type"),
        Problem::Missing(name) => {
            let description = format!("Missing required parameter: {name}");
            return write_error(400, "invalid_request", &description);
        }
        Problem::Code(CodeProblem::Unknown) => (400, "invalid_grant", "Malformed auth code."),
        Problem::Code(CodeProblem::Used | CodeProblem::Expired) => {
            (400, "invalid_grant", "Bad Request")
        }
        Problem::Code(CodeProblem::OtherRedirectUri) => {
            (400, "redirect_uri_mismatch", "Bad Request")
        }
        Problem::Code(CodeProblem::NoVerifier) => (400, "invalid_grant", "Missing code verifier."),
        Problem::Code(CodeProblem::WrongVerifier) => {
            (400, "invalid_grant", "Invalid code verifier.")
        }
        Problem::RefreshToken => (400, "invalid_grant", "Token has been expired or revoked."),
    };
    write_error(status, error, description)
}

fn write_error(status: u16, error: &str, description: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let body = json!({"error": error, "error_description": description});
    (status, Json(body)).into_response()
}

/// `GET /v1/userinfo`.
pub(crate) async fn userinfo(
    State(context): State<Context>,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
    headers: HeaderMap,
) -> Response {
    if wrong.has(&Wrong::Garbage) {
        return "<html>".into_response();
    }
    let Some((token, person)) = context.handle.bearer(PROVIDER, &headers) else {
        return write_error(401, "invalid_request", "Invalid Credentials");
    };
    let person = token::shown(&context, person, &wrong);
    let mut answer = Map::from_iter([("sub".to_owned(), json!(person.google_id()))]);
    if has_scope(&token.scope, "email")
        && let Some(email) = &person.email
    {
        answer.insert("email".to_owned(), json!(email));
        answer.insert("email_verified".to_owned(), json!(person.email_verified));
    }
    if has_scope(&token.scope, "profile") {
        answer.insert("name".to_owned(), json!(person.name));
    }
    Json(Value::Object(answer)).into_response()
}

/// `POST /revoke`: ends the link, by a token of either kind.
pub(crate) async fn revoke(
    State(context): State<Context>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    let mut form = text::form(&query.unwrap_or_default());
    form.extend(text::form(&String::from_utf8_lossy(&body)));
    let Ok(name) = token::required(&form, "token") else {
        return write_error(400, "invalid_request", "Missing required parameter: token");
    };
    let mut state = context.handle.lock();
    let Some(token) = state.grants.any(PROVIDER, name) else {
        return write_error(400, "invalid_token", "Token expired or revoked");
    };
    state.grants.unlink(PROVIDER, &token.person);
    Json(json!({})).into_response()
}
