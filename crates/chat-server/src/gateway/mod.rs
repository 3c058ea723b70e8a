//! Connections: who may connect, what a connection may send, and how connections end.

mod events;
mod limits;
mod origin;

use axum::Router;
use socketioxide::SocketIo;
use socketioxide::extract::SocketRef;
use socketioxide::handler::ConnectHandler;
use socketioxide::socket::DisconnectReason;
use tokio_util::sync::CancellationToken;

use service_kit::ops::{Dependency, DependencyStatus};

pub use origin::{AllowedOrigins, Origin};

/// Path that Socket.IO clients use by default.
pub(crate) const PATH: &str = "/socket.io";

/// The Socket.IO side of the server; a cheap handle.
#[derive(Clone, Debug)]
pub(crate) struct Gateway {
    io: SocketIo,
}

/// Why a client may not enter the namespace. The text is the `message` of its `connect_error`:
/// the protocol has no other field, so it is a stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum ConnectRefusal {
    #[error("unavailable")]
    StoreDown,
    #[error("stopping")]
    Stopping,
}

/// Builds the routes that answer Socket.IO requests, and the handle to what is behind them.
///
/// They hold one service and no layer: axum makes a new service from a layer for each request
/// that reaches a fallback, and with it a new, empty set of sessions.
pub(crate) fn build(store: Dependency, stop: CancellationToken) -> (Router, Gateway) {
    metrics::describe_gauge!("chat_sockets", "Sockets in the default namespace.");
    let (service, io) = limits::apply(SocketIo::builder())
        .req_path(PATH)
        .build_svc();
    // Asynchronous work belongs here and not into the handler: an `.await` before `.on()` there
    // loses the first events of a client.
    let admit = async move |_: SocketRef| match (stop.is_cancelled(), store.status()) {
        (true, _) => Err(ConnectRefusal::Stopping),
        (false, DependencyStatus::Down) => Err(ConnectRefusal::StoreDown),
        (false, DependencyStatus::Up | DependencyStatus::Degraded) => Ok(()),
    };
    io.ns("/", connected.with(admit));
    let routes = Router::new()
        .route_service(PATH, service.clone())
        .route_service(&format!("{PATH}/"), service);
    (routes, Gateway { io })
}

async fn connected(socket: SocketRef) {
    metrics::gauge!("chat_sockets").increment(1.0);
    socket.on_disconnect(disconnected);
    socket.on_fallback(events::unknown);
}

async fn disconnected(reason: DisconnectReason) {
    metrics::gauge!("chat_sockets").decrement(1.0);
    // The socket's id is the key to a polling session: it never goes into the log.
    tracing::debug!(?reason, "socket closed");
}

impl Gateway {
    /// Ends all connections; stock clients see `transport close` and connect again by themselves,
    /// elsewhere. The library empties the namespaces first, so nothing may be sent afterwards.
    pub(crate) async fn close(&self) {
        self.io.close().await;
    }
}
