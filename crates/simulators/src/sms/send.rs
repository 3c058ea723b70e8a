//! `POST …/messages`.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{
    Context, Message, Wrong, error,
    handle::digits,
    message::{after, euc_kr_length, local_precise},
    signature,
};
use crate::{gate, text};

/// The longest text of an SMS, in bytes of EUC-KR.
const SMS_BYTES: usize = 90;
/// The longest text of an LMS.
const LMS_BYTES: usize = 2_000;
/// Recipients a request.
const MAX_RECIPIENTS: usize = 100;

/// What a client sends. Files, reservations and schedules aren't played.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    r#type: String,
    #[serde(default = "regular")]
    content_type: String,
    #[serde(default = "korea")]
    country_code: String,
    from: String,
    content: String,
    messages: Vec<Recipient>,
}

#[derive(Debug, Deserialize)]
struct Recipient {
    to: String,
    content: Option<String>,
}

fn regular() -> String {
    "COMM".to_owned()
}

fn korea() -> String {
    "82".to_owned()
}

/// Accepts messages.
pub(crate) async fn send(
    State(context): State<Context>,
    Path(service): Path<String>,
    uri: Uri,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let url = uri.path_and_query().map_or("/", |url| url.as_str());
    if let Err(refused) = signature::check(&context.handle, &Method::POST, url, &headers) {
        return refused.into_response();
    }
    if wrong.has(&Wrong::Unauthorized) {
        return signature::Refused::Wrong.into_response();
    }
    if service != context.handle.config.service_id {
        return error(StatusCode::NOT_FOUND, Some("unknown serviceId"));
    }
    if wrong.has(&Wrong::RateLimited) || !context.handle.within_limit() {
        return error(StatusCode::TOO_MANY_REQUESTS, Some("too many requests"));
    }
    let request = serde_json::from_slice::<Request>(&body)
        .map_err(|error| error.to_string())
        .and_then(|request| check(&context, request));
    match request {
        Ok(request) => accept(&context, request, &wrong),
        Err(details) => error(StatusCode::BAD_REQUEST, Some(&details)),
    }
}

fn check(context: &Context, request: Request) -> Result<Request, String> {
    let limit = match request.r#type.to_ascii_uppercase().as_str() {
        "SMS" => SMS_BYTES,
        "LMS" => LMS_BYTES,
        other => return Err(format!("type: SMS or LMS expected, not {other:?}")),
    };
    if !matches!(request.content_type.as_str(), "COMM" | "AD") {
        return Err("contentType: COMM or AD expected".to_owned());
    }
    if !context.handle.config.senders.contains(&request.from) {
        return Err("from: the sender's number isn't registered".to_owned());
    }
    if request.messages.is_empty() || request.messages.len() > MAX_RECIPIENTS {
        return Err(format!(
            "messages: 1 to {MAX_RECIPIENTS} recipients expected"
        ));
    }
    let own = request.messages.iter().filter_map(|to| to.content.as_ref());
    for content in own.chain([&request.content]) {
        match euc_kr_length(content) {
            Some(1..) if content.trim().is_empty() => return Err("content: empty".to_owned()),
            Some(length) if (1..=limit).contains(&length) => {}
            Some(length) => {
                return Err(format!(
                    "content: 1 to {limit} bytes of EUC-KR expected, not {length}"
                ));
            }
            None => return Err("content: not in EUC-KR".to_owned()),
        }
    }
    for recipient in &request.messages {
        let plain = recipient.to.chars().all(|digit| digit.is_ascii_digit());
        if !plain || !(8..=11).contains(&recipient.to.len()) {
            return Err("messages.to: 8 to 11 digits expected, no hyphens".to_owned());
        }
    }
    Ok(request)
}

fn accept(context: &Context, request: Request, wrong: &gate::Wrong<Wrong>) -> Response {
    let handle = &context.handle;
    let now = handle.clock.now();
    let request_id = text::random_hex::<16>();
    let completes_at = after(now, handle.config.processing);
    let failure = wrong.0.iter().find_map(|wrong| match wrong {
        Wrong::DeliveryFails { code } => Some(code.clone()),
        _ => None,
    });
    let messages = request.messages.into_iter().map(|recipient| Message {
        request_id: request_id.clone(),
        message_id: text::random_hex::<16>(),
        from: request.from.clone(),
        to: digits(&recipient.to),
        content: recipient.content.unwrap_or_else(|| request.content.clone()),
        content_type: request.content_type.clone(),
        country_code: request.country_code.clone(),
        requested_at: now,
        completes_at: (!wrong.has(&Wrong::NeverCompletes)).then_some(completes_at),
        failure: failure.clone(),
    });
    handle.keep(messages.collect());
    if wrong.has(&Wrong::Garbage) {
        return (StatusCode::ACCEPTED, "<html>accepted").into_response();
    }
    let answer = json!({
        "requestId": request_id,
        "requestTime": local_precise(now),
        "statusCode": "202",
        "statusName": "success",
    });
    (StatusCode::ACCEPTED, Json(answer)).into_response()
}
