//! The accept loop. axum's own has no time limit for a request's head and can't wait for upgraded
//! connections.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::connection::Connection;

/// Most connections at a time; more wait in the system's queue.
const MAX_CONNECTIONS: u32 = 16_384;

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

/// Connections that are still open.
#[derive(Debug)]
pub(crate) struct OpenConnections {
    places: Arc<Semaphore>,
    cut: CancellationToken,
}

impl OpenConnections {
    /// Waits until every connection is closed, upgraded ones as well. What is still open after
    /// a while does nothing useful any more and is cut: a WebSocket outside of the namespace,
    /// half a request.
    pub(crate) async fn closed(self) {
        let all = self.places.acquire_many(MAX_CONNECTIONS);
        if tokio::time::timeout(LINGER, all).await.is_ok() {
            return;
        }
        tracing::info!(open = self.count(), "cutting the connections that are left");
        self.cut.cancel();
        if self.places.acquire_many(MAX_CONNECTIONS).await.is_err() {
            tracing::debug!("the connections' counter is closed");
        }
    }

    /// How many are open.
    pub(crate) fn count(&self) -> usize {
        usize::try_from(MAX_CONNECTIONS)
            .unwrap_or(usize::MAX)
            .saturating_sub(self.places.available_permits())
    }
}

/// Accepts connections until `stop`. Open ones then finish the request that they are in.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    stop: CancellationToken,
) -> OpenConnections {
    let places = Arc::new(Semaphore::new(
        usize::try_from(MAX_CONNECTIONS).unwrap_or(Semaphore::MAX_PERMITS),
    ));
    let cut = CancellationToken::new();
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = stop.cancelled() => break,
        };
        match (place, accepted) {
            (Ok(place), Ok((stream, _))) => {
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "small packets will be delayed");
                }
                let connection = Connection::new(stream, place, cut.clone());
                tokio::spawn(converse(connection, router.clone(), stop.clone()));
            }
            (_, Err(error)) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
            (Err(_), _) => break,
        }
    }
    OpenConnections { places, cut }
}

async fn converse(connection: Connection, router: Router, stop: CancellationToken) {
    let io = TokioIo::new(connection);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_header_size(MAX_HEAD)
        .serve_connection(io, TowerToHyperService::new(router))
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
