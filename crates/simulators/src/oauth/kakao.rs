//! Kakao: OpenID Connect where it is switched on, numbers as ids, codes of its own for errors.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use serde_json::{Map, Value, json};

use super::{
    Context, Person, Provider, Wrong, google,
    grants::CodeProblem,
    id_token::{self, Subject, has_scope},
    token::{self, Problem, Redeemed},
};
use crate::{gate, text};

const PROVIDER: Provider = Provider::Kakao;
const LIFETIME: TimeDelta = TimeDelta::seconds(21_599);
const REFRESH_SECONDS: u32 = 5_183_999;

/// `GET /.well-known/openid-configuration`.
pub(crate) async fn discovery(
    State(context): State<Context>,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
) -> Response {
    if wrong.has(&Wrong::Garbage) {
        return "<html>".into_response();
    }
    let issuer = context.issuer(PROVIDER);
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/oauth/authorize"),
        "token_endpoint": format!("{issuer}/oauth/token"),
        "userinfo_endpoint": format!("{issuer}/v1/oidc/userinfo"),
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "request_uri_parameter_supported": false,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": [
            "iss", "aud", "sub", "auth_time", "exp", "iat", "nonce", "nickname", "email"
        ],
    }))
    .into_response()
}

/// `GET /.well-known/jwks.json`.
pub(crate) async fn keys(
    State(context): State<Context>,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
) -> Response {
    google::published(&context, PROVIDER, &wrong).await
}

/// `POST /oauth/token`.
pub(crate) async fn token(
    State(context): State<Context>,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
    body: Bytes,
) -> Response {
    if wrong.has(&Wrong::Garbage) {
        return "<html>".into_response();
    }
    let form = text::form(&String::from_utf8_lossy(&body));
    let redeemed = token::check_client(&context, PROVIDER, &form, &wrong)
        .and_then(|()| token::redeem(&context, PROVIDER, &form, &wrong));
    match redeemed {
        Ok(redeemed) => give(&context, &redeemed, &wrong).await,
        Err(problem) => error(&problem),
    }
}

async fn give(context: &Context, redeemed: &Redeemed, wrong: &gate::Wrong<Wrong>) -> Response {
    let access_token = token::access(context, PROVIDER, redeemed, LIFETIME);
    let subject = Subject {
        provider: PROVIDER,
        person: &redeemed.person,
        scope: &redeemed.scope,
        nonce: redeemed.nonce.as_deref(),
        signed_in: redeemed.signed_in,
        access_token: &access_token,
        lifetime: LIFETIME,
    };
    let Ok(id_token) = id_token::issue(context, &subject, wrong).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut answer = Map::from_iter([
        ("token_type".to_owned(), json!("bearer")),
        ("access_token".to_owned(), json!(access_token)),
        ("expires_in".to_owned(), json!(LIFETIME.num_seconds())),
        ("scope".to_owned(), json!(redeemed.scope)),
    ]);
    if let Some(id_token) = id_token {
        answer.insert("id_token".to_owned(), json!(id_token));
    }
    if !redeemed.refreshed {
        let refresh = token::refresh(context, PROVIDER, redeemed);
        answer.insert("refresh_token".to_owned(), json!(refresh));
        answer.insert(
            "refresh_token_expires_in".to_owned(),
            json!(REFRESH_SECONDS),
        );
    }
    Json(answer).into_response()
}

fn error(problem: &Problem) -> Response {
    let (status, error, description, code) = match problem {
        Problem::UnknownClient => (401, "invalid_client", "Not exist client_id", "KOE101"),
        Problem::WrongSecret => (401, "invalid_client", "Bad client credentials", "KOE010"),
        Problem::GrantType(_) => (400, "unsupported_grant_type", "unsupported grant", "KOE001"),
        Problem::Missing(name) => (400, "invalid_request", *name, "KOE001"),
        Problem::Code(CodeProblem::OtherRedirectUri) => {
            (400, "invalid_grant", "Redirect URI mismatch.", "KOE303")
        }
        Problem::Code(CodeProblem::NoVerifier | CodeProblem::WrongVerifier) => {
            (400, "invalid_grant", "code_verifier mismatch", "KOE320")
        }
        Problem::Code(CodeProblem::Unknown | CodeProblem::Used | CodeProblem::Expired) => (
            400,
            "invalid_grant",
            "authorization code not found for code=",
            "KOE320",
        ),
        Problem::RefreshToken => (400, "invalid_grant", "refresh token not found", "KOE322"),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let body = json!({"error": error, "error_description": description, "error_code": code});
    (status, Json(body)).into_response()
}

fn refusal(status: StatusCode, message: &str, code: i32) -> Response {
    (status, Json(json!({"msg": message, "code": code}))).into_response()
}

fn no_token() -> Response {
    let message = "this access token does not exist";
    refusal(StatusCode::UNAUTHORIZED, message, -401)
}

fn id(person: &Person, wrong: &gate::Wrong<Wrong>) -> Value {
    if wrong.has(&Wrong::IdAsText) {
        json!(person.kakao_id().to_string())
    } else {
        json!(person.kakao_id())
    }
}

/// `GET` or `POST /v2/user/me`.
pub(crate) async fn user(
    State(context): State<Context>,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
    headers: HeaderMap,
) -> Response {
    if wrong.has(&Wrong::Garbage) {
        return "<html>".into_response();
    }
    let Some((token, person)) = context.handle.bearer(PROVIDER, &headers) else {
        return no_token();
    };
    let connected = context
        .handle
        .lock()
        .grants
        .linked_since(PROVIDER, &person.id);
    let person = token::shown(&context, person, &wrong);
    let mut account = Map::new();
    if has_scope(&token.scope, "profile_nickname") {
        let profile = json!({"nickname": person.nickname, "is_default_nickname": false});
        account.insert("profile_nickname_needs_agreement".to_owned(), json!(false));
        account.insert("profile".to_owned(), profile);
    }
    let gives_email = has_scope(&token.scope, "account_email");
    account.insert("has_email".to_owned(), json!(person.email.is_some()));
    account.insert("email_needs_agreement".to_owned(), json!(!gives_email));
    if gives_email && let Some(email) = &person.email {
        account.insert("is_email_valid".to_owned(), json!(person.email_valid));
        account.insert("is_email_verified".to_owned(), json!(person.email_verified));
        account.insert("email".to_owned(), json!(email));
    }
    let connected = connected.map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
    Json(json!({
        "id": id(&person, &wrong),
        "connected_at": connected,
        "kakao_account": account,
    }))
    .into_response()
}

/// `GET /v1/oidc/userinfo`.
pub(crate) async fn userinfo(
    State(context): State<Context>,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
    headers: HeaderMap,
) -> Response {
    let Some((token, person)) = context.handle.bearer(PROVIDER, &headers) else {
        return no_token();
    };
    if !has_scope(&token.scope, "openid") {
        let message = "insufficient scopes.";
        return refusal(StatusCode::FORBIDDEN, message, -402);
    }
    let person = token::shown(&context, person, &wrong);
    let mut answer = Map::from_iter([("sub".to_owned(), json!(person.subject(PROVIDER)))]);
    if has_scope(&token.scope, "profile_nickname") {
        answer.insert("nickname".to_owned(), json!(person.nickname));
    }
    if has_scope(&token.scope, "account_email")
        && let Some(email) = &person.email
    {
        answer.insert("email".to_owned(), json!(email));
        let verified = person.email_verified && person.email_valid;
        answer.insert("email_verified".to_owned(), json!(verified));
    }
    Json(Value::Object(answer)).into_response()
}

/// `POST /v1/user/unlink`, by the person's token or by the admin key. No webhook follows.
pub(crate) async fn unlink(
    State(context): State<Context>,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let handle = &context.handle;
    let admin = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("KakaoAK "));
    let person = if let Some(key) = admin {
        if key != handle.config.kakao_admin_key {
            let message = "wrong appKey format";
            return refusal(StatusCode::UNAUTHORIZED, message, -401);
        }
        let form = text::form(&String::from_utf8_lossy(&body));
        let by_id = form
            .get("target_id_type")
            .is_some_and(|kind| kind == "user_id");
        let Some(target) = form.get("target_id").filter(|_| by_id) else {
            let message = "target_id_type and target_id expected";
            return refusal(StatusCode::BAD_REQUEST, message, -2);
        };
        let mut people = handle.people().into_iter();
        people.find(|person| person.subject(PROVIDER) == *target)
    } else if let Some((_, person)) = handle.bearer(PROVIDER, &headers) {
        Some(person)
    } else {
        return no_token();
    };
    let linked = person.filter(|person| handle.lock().grants.unlink(PROVIDER, &person.id));
    match linked {
        Some(person) => Json(json!({"id": id(&person, &wrong)})).into_response(),
        None => refusal(StatusCode::BAD_REQUEST, "NotRegisteredUserException", -101),
    }
}
