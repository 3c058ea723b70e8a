//! `POST /services/…`.

use std::time::Duration;

use axum::{
    Extension,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{Context, Message, Wrong, payload};
use crate::{gate, text};

/// Takes a message, or says why not: one word of plain text.
pub(crate) async fn post(
    State(context): State<Context>,
    Path((team, webhook, token)): Path<(String, String, String)>,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let handle = &context.handle;
    if let Some(response) = wrong.0.iter().find_map(refusal) {
        return response;
    }
    let config = &handle.config;
    if team != config.team {
        return word(StatusCode::NOT_FOUND, "no_team");
    }
    if webhook != config.webhook {
        return word(StatusCode::NOT_FOUND, "no_service");
    }
    if token != config.token {
        return word(StatusCode::FORBIDDEN, "invalid_token");
    }
    if let Err(seconds) = handle.limit() {
        return limited(seconds);
    }
    let payload = match payload::read(&json_of(&headers, &body)) {
        Ok(payload) => payload,
        Err(problem) => return word(StatusCode::BAD_REQUEST, problem),
    };
    let key = headers.get("idempotency-key");
    handle.keep(Message {
        received_at: handle.clock.now(),
        text: payload.text,
        blocks: payload.blocks,
        idempotency_key: key.and_then(|key| Some(key.to_str().ok()?.to_owned())),
    });
    for late in &wrong.0 {
        if let Wrong::LateAnswer { millis } = late {
            gate::wait(&context.stop, Some(Duration::from_millis(*millis))).await;
        }
    }
    if wrong.has(&Wrong::Garbage) {
        return (StatusCode::OK, "<html>sign in to this network</html>").into_response();
    }
    word(StatusCode::OK, "ok")
}

/// A form's `payload` means the same as a body of JSON.
fn json_of(headers: &HeaderMap, body: &Bytes) -> Vec<u8> {
    let kind = headers.get(header::CONTENT_TYPE);
    let is_form = kind
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if !is_form {
        return body.to_vec();
    }
    let mut form = text::form(&String::from_utf8_lossy(body));
    form.remove("payload").unwrap_or_default().into_bytes()
}

fn refusal(wrong: &Wrong) -> Option<Response> {
    let (status, said) = match wrong {
        Wrong::InvalidPayload => (400, "invalid_payload"),
        Wrong::ActionProhibited => (403, "action_prohibited"),
        Wrong::NoService => (404, "no_service"),
        Wrong::ChannelNotFound => (404, "channel_not_found"),
        Wrong::ChannelIsArchived => (410, "channel_is_archived"),
        Wrong::RollupError => (500, "rollup_error"),
        Wrong::RateLimited { retry_after } => return Some(limited(*retry_after)),
        Wrong::Redirect { to } => return Some(redirect(to)),
        Wrong::LateAnswer { .. } | Wrong::Garbage => return None,
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Some(word(status, said))
}

fn limited(seconds: u32) -> Response {
    let mut response = word(StatusCode::TOO_MANY_REQUESTS, "rate_limited");
    let headers = response.headers_mut();
    headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

fn redirect(to: &str) -> Response {
    let mut response = StatusCode::TEMPORARY_REDIRECT.into_response();
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}

/// An answer as Slack writes it.
pub(super) fn word(status: StatusCode, word: &'static str) -> Response {
    (status, word).into_response()
}
