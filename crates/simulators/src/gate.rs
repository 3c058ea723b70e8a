//! Where a request meets the faults that are set, before and after its handler.

use std::time::Duration;

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use tokio::time;
use tokio_util::sync::CancellationToken;

use crate::{
    connection::Connection,
    faults::{Effect, Faults, Name, Network},
};

/// How a stand-in's gateway writes an HTTP error.
pub(crate) type ErrorPage = fn(StatusCode) -> Response;

/// One operation's gate.
#[derive(Debug)]
pub(crate) struct Gate<O, A> {
    pub(crate) operation: O,
    pub(crate) faults: Faults<O, A>,
    pub(crate) error_page: ErrorPage,
    pub(crate) stop: CancellationToken,
}

impl<O: Copy, A> Clone for Gate<O, A> {
    fn clone(&self) -> Self {
        Self {
            operation: self.operation,
            faults: self.faults.clone(),
            error_page: self.error_page,
            stop: self.stop.clone(),
        }
    }
}

/// What is to be wrong in the answer; handlers take it as an extension.
#[derive(Debug, Clone)]
pub(crate) struct Wrong<A>(pub(crate) Vec<A>);

impl<A: PartialEq> Wrong<A> {
    pub(crate) fn has(&self, effect: &A) -> bool {
        self.0.contains(effect)
    }
}

/// Lets a request through, or not, as the faults say.
pub(crate) async fn pass<O: Name + Copy + Ord, A: Name>(
    State(gate): State<Gate<O, A>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    mut request: Request,
    next: Next,
) -> Response {
    let effects = gate.faults.decide(gate.operation);
    tracing::debug!(operation = ?gate.operation, ?effects, "request");
    let mut wrong = Vec::new();
    let mut refused = None;
    let mut lost = false;
    for effect in effects {
        match effect {
            Effect::Answer(answer) => wrong.push(answer),
            Effect::Network(Network::Delay { millis }) => {
                wait(&gate.stop, Some(Duration::from_millis(millis))).await;
            }
            Effect::Network(Network::LostAnswer) => lost = true,
            Effect::Network(Network::Status {
                status,
                retry_after,
            }) => refused = Some(refusal(&gate, status, retry_after)),
            Effect::Network(network @ (Network::Reset | Network::Stall)) => {
                if network == Network::Stall {
                    wait(&gate.stop, None).await;
                }
                connection.reset();
                refused = Some(refusal(&gate, 500, None));
            }
        }
    }
    if let Some(response) = refused {
        return response;
    }
    request.extensions_mut().insert(Wrong(wrong));
    let response = next.run(request).await;
    if lost {
        connection.reset();
    }
    response
}

fn refusal<O, A>(gate: &Gate<O, A>, status: u16, retry_after: Option<u32>) -> Response {
    let status = StatusCode::from_u16(status)
        .ok()
        .filter(|status| status.is_client_error() || status.is_server_error())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (gate.error_page)(status);
    if let Some(seconds) = retry_after {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Waits, or for ever, but not beyond the stop signal.
pub(crate) async fn wait(stop: &CancellationToken, duration: Option<Duration>) {
    let elapsed = async {
        match duration {
            Some(duration) => time::sleep(duration).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = elapsed => {}
        () = stop.cancelled() => {}
    }
}
