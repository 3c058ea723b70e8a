//! What a developer and a test look at instead of a channel.

use axum::{Json, extract::State, http::StatusCode, response::Response};

use super::{Context, Message, payload};
use crate::text::{self, escape};

/// Messages on the page.
const SHOWN: usize = 100;

/// `GET /slack`.
pub(crate) async fn show(State(context): State<Context>) -> Response {
    let messages = context.handle.messages();
    let rows: String = messages.iter().take(SHOWN).map(row).collect();
    let body = if rows.is_empty() {
        "<p>아직 온 메시지가 없습니다.</p>".to_owned()
    } else {
        format!("<table><tr><th>시각 (UTC)</th><th>내용</th></tr>{rows}</table>")
    };
    text::page("Slack 채널 (개발용)", &body)
}

fn row(message: &Message) -> String {
    let mut lines = payload::words(&message.blocks);
    if lines.is_empty() {
        lines.push(message.text.clone());
    }
    format!(
        "<tr><td>{}</td><td>{}</td></tr>",
        message.received_at.format("%Y-%m-%d %H:%M:%S"),
        lines
            .iter()
            .map(|line| shown(line))
            .collect::<Vec<_>>()
            .join("<br>"),
    )
}

/// Slack's three escapes undone, then HTML's.
fn shown(mrkdwn: &str) -> String {
    let plain = mrkdwn
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    escape(&plain).replace('\n', "<br>")
}

/// `GET /slack/messages`: newest first.
pub(crate) async fn list(State(context): State<Context>) -> Json<Vec<Message>> {
    Json(context.handle.messages())
}

/// `DELETE /slack/messages`.
pub(crate) async fn clear(State(context): State<Context>) -> StatusCode {
    context.handle.clear_messages();
    StatusCode::NO_CONTENT
}
