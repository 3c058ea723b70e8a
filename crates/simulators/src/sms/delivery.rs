//! `GET …/messages?requestId=` and `GET …/messages/{messageId}`: what became of a message.

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    Context, Message, Status, Wrong, error,
    message::{after, local},
    signature,
};
use crate::{gate, text};

/// The messages of a request. Their states aren't in this answer.
pub(crate) async fn find_request(
    State(context): State<Context>,
    Path(service): Path<String>,
    uri: Uri,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
    headers: HeaderMap,
) -> Response {
    if let Some(refused) = refusal(&context, &uri, &headers, &service, &wrong) {
        return refused;
    }
    let mut query = text::form(uri.query().unwrap_or_default());
    let Some(request_id) = query.remove("requestId") else {
        return error(StatusCode::BAD_REQUEST, Some("requestId: expected"));
    };
    let found = context
        .handle
        .find(|message| message.request_id == request_id);
    if found.is_empty() {
        return error(StatusCode::NOT_FOUND, Some("no such requestId"));
    }
    let messages: Vec<Value> = found.iter().map(summary).collect();
    let answer = json!({
        "requestId": request_id,
        "statusCode": "202",
        "statusName": "success",
        "messages": messages,
    });
    Json(answer).into_response()
}

/// A message and its state.
pub(crate) async fn find_message(
    State(context): State<Context>,
    Path((service, id)): Path<(String, String)>,
    uri: Uri,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
    headers: HeaderMap,
) -> Response {
    if let Some(refused) = refusal(&context, &uri, &headers, &service, &wrong) {
        return refused;
    }
    let found = context.handle.find(|message| message.message_id == id);
    let Some(message) = found.first() else {
        return error(StatusCode::NOT_FOUND, Some("no such messageId"));
    };
    let answer = json!({
        "statusCode": "200",
        "statusName": "success",
        "messages": [detail(&context, message)],
    });
    Json(answer).into_response()
}

fn refusal(
    context: &Context,
    uri: &Uri,
    headers: &HeaderMap,
    service: &str,
    wrong: &gate::Wrong<Wrong>,
) -> Option<Response> {
    let url = uri.path_and_query().map_or("/", |url| url.as_str());
    if let Err(refused) = signature::check(&context.handle, &Method::GET, url, headers) {
        return Some(refused.into_response());
    }
    if wrong.has(&Wrong::Unauthorized) {
        return Some(signature::Refused::Wrong.into_response());
    }
    if service != context.handle.config.service_id {
        return Some(error(StatusCode::NOT_FOUND, Some("unknown serviceId")));
    }
    if wrong.has(&Wrong::RateLimited) {
        return Some(error(
            StatusCode::TOO_MANY_REQUESTS,
            Some("too many requests"),
        ));
    }
    wrong
        .has(&Wrong::Garbage)
        .then(|| (StatusCode::OK, "<html>").into_response())
}

fn summary(message: &Message) -> Value {
    json!({
        "messageId": message.message_id,
        "requestTime": local(message.requested_at),
        "contentType": message.content_type,
        "content": message.content,
        "countryCode": message.country_code,
        "from": message.from,
        "to": message.to,
    })
}

fn detail(context: &Context, message: &Message) -> Value {
    let mut detail = summary(message);
    let state = match message.status(context.handle.clock.now()) {
        Status::Processing => json!({"status": "PROCESSING"}),
        Status::Completed => {
            let completed = after(message.requested_at, context.handle.config.processing);
            let (code, name, text) = match &message.failure {
                None => ("0", "success", "성공"),
                Some(code) => (code.as_str(), "fail", "전송 실패"),
            };
            json!({
                "status": "COMPLETED",
                "statusCode": code,
                "statusName": name,
                "statusMessage": text,
                "completeTime": local(completed),
                "telcoCode": "SKT",
            })
        }
    };
    if let (Some(detail), Value::Object(state)) = (detail.as_object_mut(), state) {
        detail.extend(state);
    }
    detail
}
