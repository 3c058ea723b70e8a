//! The TCP connection behind a request, so that it can be ended.
//!
//! The Socket.IO library can't end a connection whose buffer is full: the packet that says so finds no place in it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::middleware::Next;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long a dead session is remembered: longer than the library keeps one that is silent.
const REMEMBERED: Duration = Duration::from_secs(120);

/// What Engine.IO answers to a session that it doesn't know.
const UNKNOWN: &str = r#"{"code":1,"message":"Session ID unknown"}"#;

/// All connections that carry a session of their own; a cheap handle.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wires(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    /// Connections that were upgraded from polling, by session.
    upgraded: HashMap<String, Weak<Wire>>,
    /// Sessions that were cut and may still be polled.
    dead: HashMap<String, Instant>,
}

/// One connection.
#[derive(Debug)]
pub(crate) struct Wire {
    wires: Wires,
    cut: CancellationToken,
    /// The session of a WebSocket, empty where it has begun as one. Other connections may carry requests of many
    /// clients, behind a proxy, and are never cut for one of them.
    session: OnceLock<String>,
}

impl Wires {
    /// A connection that ends when `cut` is cancelled.
    pub(super) fn wire(&self, cut: CancellationToken) -> Arc<Wire> {
        Arc::new(Wire {
            wires: self.clone(),
            cut,
            session: OnceLock::new(),
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Known) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn is_dead(&self, session: &str) -> bool {
        self.with(|known| known.dead.contains_key(session))
    }
}

impl Wire {
    /// Ends a session that began on this connection, whatever carries it now.
    pub(crate) fn cut_session(&self, session: &str) {
        let now = Instant::now();
        let upgraded = self.wires.with(|known| {
            let fresh = |at: &Instant| now.saturating_duration_since(*at) < REMEMBERED;
            known.dead.retain(|_, at| fresh(at));
            known.dead.insert(session.to_owned(), now);
            known.upgraded.get(session).and_then(Weak::upgrade)
        });
        if let Some(wire) = upgraded {
            wire.cut.cancel();
        }
        if self.session.get().is_some_and(String::is_empty) {
            self.cut.cancel();
        }
    }

    /// Notes that the connection becomes a WebSocket.
    fn upgrade(self: &Arc<Self>, session: Option<&str>) {
        let session = session.unwrap_or_default().to_owned();
        if self.session.set(session.clone()).is_ok() && !session.is_empty() {
            let wire = Arc::downgrade(self);
            self.wires
                .with(|known| known.upgraded.insert(session, wire));
        }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if let Some(session) = self.session.get().filter(|session| !session.is_empty()) {
            self.wires.with(|known| {
                // Another connection may have taken the name since.
                if known
                    .upgraded
                    .get(session)
                    .is_some_and(|one| one.strong_count() == 0)
                {
                    known.upgraded.remove(session);
                }
            });
        }
    }
}

/// The session and the transport that a request names.
fn named(query: &str) -> (Option<&str>, bool) {
    let value = |wanted: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(name, _)| *name == wanted)
            .map(|(_, value)| value)
    };
    (value("sid"), value("transport") == Some("websocket"))
}

/// Whether a request begins a session.
pub(super) fn begins(request: &Request) -> bool {
    let (session, _) = named(request.uri().query().unwrap_or_default());
    request.uri().path().starts_with(crate::gateway::PATH) && session.is_none()
}

/// Answers for sessions that were cut, and notes which connection becomes whose WebSocket.
pub(super) async fn follow(request: Request, next: Next) -> Response<Body> {
    let Some(wire) = request.extensions().get::<Arc<Wire>>().cloned() else {
        return next.run(request).await;
    };
    let query = request.uri().query().unwrap_or_default().to_owned();
    let (session, websocket) = named(&query);
    if session.is_some_and(|session| wire.wires.is_dead(session)) {
        let mut response = Response::new(Body::from(UNKNOWN));
        *response.status_mut() = StatusCode::BAD_REQUEST;
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        return response;
    }
    let response = next.run(request).await;
    if websocket && response.status() == StatusCode::SWITCHING_PROTOCOLS {
        wire.upgrade(session);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(wires: &Wires) -> (Arc<Wire>, CancellationToken) {
        let cut = CancellationToken::new();
        (wires.wire(cut.clone()), cut)
    }

    #[test]
    fn cuts_a_websocket_wherever_its_session_began() {
        let wires = Wires::default();
        let (direct, cut) = wire(&wires);
        direct.upgrade(None);
        direct.cut_session("a");
        assert!(cut.is_cancelled());

        let (polled, shared) = wire(&wires);
        let (upgraded, own) = wire(&wires);
        upgraded.upgrade(Some("b"));
        polled.cut_session("b");
        assert!(own.is_cancelled(), "the one that carries it now");
        assert!(!shared.is_cancelled(), "others use it as well");
        assert!(wires.is_dead("b") && !wires.is_dead("c"));
        drop(upgraded);
        assert!(wires.with(|known| known.upgraded.is_empty()));
    }

    #[test]
    fn reads_what_a_request_names() {
        assert_eq!(named("EIO=4&transport=polling"), (None, false));
        assert_eq!(named("sid=x&transport=websocket"), (Some("x"), true));
        assert_eq!(named(""), (None, false));
    }
}
