//! The accept loop. axum's own has no time limit for a request's head and can't wait for upgraded
//! connections.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{HttpService, Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use super::Peer;
use super::connection::Connection;
use super::wire::Wires;

#[cfg(test)]
mod tests;

/// Most connections at a time, where the system allows as many; more wait in its queue.
const MAX_CONNECTIONS: u32 = 16_384;

/// Files kept for everything else: logs, the store, the operations endpoints. Without them a
/// full house would look like a dead server, and be restarted.
const OTHER_FILES: u64 = 256;

/// Time limit of a request's head, and of idleness between two requests: longer than the 60 s
/// after which common load balancers let go of an idle connection, so that it is never us who
/// closes one that they are about to use.
const HEAD: Duration = Duration::from_secs(75);

/// Largest head of a request, in bytes.
const MAX_HEAD: usize = 32 * 1024;

/// Pause after a failed accept, usually for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How long connections may take to end by themselves once all sockets are told to.
const LINGER: Duration = Duration::from_secs(2);

/// How much the server gives to its connections.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    connections: u32,
    head: Duration,
    write_stall: Duration,
}

impl Limits {
    /// The usual limits, in a process that may open so many files. `write_stall` is how long a client may take
    /// nothing of what is sent to it.
    pub(crate) fn within(open_files: u64, write_stall: Duration) -> Self {
        let rest = open_files.saturating_sub(OTHER_FILES).max(open_files / 2);
        Self {
            connections: u32::try_from(rest)
                .map_or(MAX_CONNECTIONS, |rest| rest.clamp(1, MAX_CONNECTIONS)),
            head: HEAD,
            write_stall,
        }
    }
}

/// Connections that are still open.
#[derive(Debug)]
pub(crate) struct OpenConnections {
    most: u32,
    places: Arc<Semaphore>,
    cut: CancellationToken,
}

impl OpenConnections {
    /// Waits until every connection is closed, upgraded ones as well. What is still open after
    /// a while does nothing useful any more and is cut: a WebSocket outside of the namespace,
    /// half a request.
    pub(crate) async fn closed(self) {
        let all = self.places.acquire_many(self.most);
        if tokio::time::timeout(LINGER, all).await.is_ok() {
            return;
        }
        tracing::info!(open = self.count(), "cutting the connections that are left");
        self.cut.cancel();
        if self.places.acquire_many(self.most).await.is_err() {
            tracing::debug!("the connections' counter is closed");
        }
    }

    /// How many are open.
    pub(crate) fn count(&self) -> usize {
        permits(self.most).saturating_sub(self.places.available_permits())
    }
}

/// Accepts connections until `stop`. Open ones then finish the request that they are in.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: CancellationToken,
) -> OpenConnections {
    metrics::describe_gauge!("chat_connections", "Open connections of clients.");
    let places = Arc::new(Semaphore::new(permits(limits.connections)));
    let cut = CancellationToken::new();
    let wires = Wires::default();
    let mut failing = false;
    loop {
        let next = accept(&listener, &places);
        let (place, accepted) = tokio::select! {
            Some(next) = next => next,
            () = stop.cancelled() => break,
            else => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                failing = false;
                let cut = cut.child_token();
                let wire = wires.wire(cut.clone());
                let connection = Connection::new(stream, limits.write_stall, place, cut);
                let router = TowerToHyperService::new(router.clone());
                let service = service_fn(move |mut request: Request<Incoming>| {
                    request.extensions_mut().insert(Peer(peer.ip()));
                    request.extensions_mut().insert(Arc::clone(&wire));
                    router.call(request)
                });
                tokio::spawn(converse(connection, service, limits, stop.clone()));
            }
            Err(error) => {
                // Once for each time of want: the same line ten times a second would hide all
                // others.
                if !std::mem::replace(&mut failing, true) {
                    tracing::warn!(%error, "connections can't be accepted");
                }
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    OpenConnections {
        most: limits.connections,
        places,
        cut,
    }
}

/// The next connection, once there is a place for it; `None` never happens while serving.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(OwnedSemaphorePermit, io::Result<(TcpStream, SocketAddr)>)> {
    let place = match Arc::clone(places).try_acquire_owned() {
        Ok(place) => place,
        Err(_) => {
            tracing::warn!("the house is full: new connections wait");
            Arc::clone(places).acquire_owned().await.ok()?
        }
    };
    let accepted = listener.accept().await.map(|(stream, peer)| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "small packets will be delayed");
        }
        (stream, peer)
    });
    Some((place, accepted))
}

async fn converse<S>(connection: Connection, service: S, limits: Limits, stop: CancellationToken)
where
    S: HttpService<Incoming, ResBody = Body> + Send + 'static,
    S::Future: Send + 'static,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let io = TokioIo::new(connection);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_header_size(MAX_HEAD)
        .serve_connection(io, service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let result = tokio::select! {
        result = connection.as_mut() => result,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, "a connection ended early");
    }
}

fn permits(connections: u32) -> usize {
    usize::try_from(connections).unwrap_or(Semaphore::MAX_PERMITS)
}
