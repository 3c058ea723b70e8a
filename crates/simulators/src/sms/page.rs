//! What a developer and a test look at instead of a telephone.

use axum::{
    Json,
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};

use super::{Context, Message, Status, message::local};
use crate::text::{self, escape};

/// Messages on the page.
const SHOWN: usize = 100;

/// `GET /sms`.
pub(crate) async fn show(State(context): State<Context>) -> Response {
    let now = context.handle.clock.now();
    let messages = context.handle.messages();
    let rows: String = messages
        .iter()
        .take(SHOWN)
        .map(|message| {
            let state = match (message.status(now), &message.failure) {
                (Status::Processing, _) => "처리 중".to_owned(),
                (Status::Completed, None) => "도착".to_owned(),
                (Status::Completed, Some(code)) => format!("실패 {}", escape(code)),
            };
            format!(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{state}</td></tr>",
                local(message.requested_at),
                escape(&message.to),
                escape(&message.content),
            )
        })
        .collect();
    let body = if rows.is_empty() {
        "<p>아직 보낸 문자가 없습니다.</p>".to_owned()
    } else {
        format!(
            "<table><tr><th>시각</th><th>받는 번호</th><th>내용</th><th>상태</th></tr>{rows}</table>"
        )
    };
    text::page("보낸 문자 (개발용)", &body)
}

/// `GET /sms/messages?to=`: newest first; everything without `to`.
pub(crate) async fn list(
    State(context): State<Context>,
    RawQuery(query): RawQuery,
) -> Json<Vec<Message>> {
    let query = text::form(&query.unwrap_or_default());
    Json(query.get("to").map_or_else(
        || context.handle.messages(),
        |to| context.handle.messages_to(to),
    ))
}

/// `DELETE /sms/messages`.
pub(crate) async fn clear(State(context): State<Context>) -> StatusCode {
    context.handle.clear_messages();
    StatusCode::NO_CONTENT
}
