//! Answers to events that nobody handles.

use serde::Serialize;
use socketioxide::extract::{AckSender, SocketRef};

/// Refusal of an event, as every event's acknowledgement has it. Named fields: the library sends
/// a newtype malformed.
#[derive(Debug, Serialize)]
struct Refusal {
    ok: bool,
    code: &'static str,
    message: &'static str,
}

const UNKNOWN: Refusal = Refusal {
    ok: false,
    code: "unknown_event",
    message: "알 수 없는 요청입니다.",
};

/// Answers any event without a handler: without an acknowledgement the client would wait for its
/// time-out. The payload isn't even parsed.
pub(super) async fn unknown(socket: SocketRef, ack: AckSender) {
    metrics::counter!("chat_unknown_events_total").increment(1);
    if let Err(error) = ack.send(&UNKNOWN) {
        // The client doesn't read. It must not believe that it still has a connection.
        tracing::debug!(%error, "an acknowledgement could not be queued");
        if let Err(error) = socket.disconnect() {
            tracing::debug!(%error, "the socket will be closed by its time-out");
        }
    }
}
