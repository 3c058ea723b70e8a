//! Connections: who may connect, what a connection may send, and how connections end.
//!
//! A handshake is checked in the library's middleware ([`crate::identity`]); the socket then has one queue and one
//! worker for all of its events ([`worker`]), each of which is a file in [`events`]. What others are told goes through
//! the [hub](crate::hub).

mod answering;
mod answers;
mod call;
mod console;
mod events;
mod failure;
mod limits;
mod origin;
mod rates;
mod settings;
mod worker;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::Router;
use domain::clock::Clock;
use service_kit::forwarded::Proxies;
use service_kit::ops::{Dependency, DependencyStatus};
use socketioxide::SocketIo;
use socketioxide::extract::{SocketRef, TryData};
use socketioxide::handler::ConnectHandler;
use socketioxide::socket::DisconnectReason;
use tokio_util::sync::CancellationToken;

use crate::http::{Peer, Wire};
use crate::hub::{Console, Hub, Session};
use crate::identity::{Auth, Door, DoorError};
use crate::store::Store;

pub use answers::{Answers, Opening, Said};
pub use origin::{AllowedOrigins, Origin};
pub(crate) use rates::{Rates, Seat};
pub use settings::{ChatLimits, ChatSettings};

use worker::Inbox;

/// Path that Socket.IO clients use by default.
pub(crate) const PATH: &str = "/socket.io";

/// The Socket.IO side of the server; a cheap handle.
#[derive(Clone, Debug)]
pub(crate) struct Gateway {
    io: SocketIo,
    hub: Hub,
}

/// All that sockets need.
pub(crate) struct House {
    pub(crate) store: Store,
    pub(crate) hub: Hub,
    pub(crate) console: Console,
    pub(crate) answers: Arc<dyn Answers>,
    pub(crate) door: Door,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rates: Rates,
    pub(crate) limits: ChatLimits,
    pub(crate) proxies: Proxies,
    /// How the store is.
    pub(crate) health: Dependency,
    pub(crate) stop: CancellationToken,
}

/// Why a client may not enter the namespace. The text is the `message` of its `connect_error`:
/// the protocol has no other field, so it is a stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum ConnectRefusal {
    #[error(transparent)]
    Door(#[from] DoorError),
    #[error("auth_invalid")]
    Auth,
    #[error("too_many_connections")]
    Full,
    #[error("stopping")]
    Stopping,
}

/// What a socket carries from the middleware to its handlers.
#[derive(Clone)]
struct Admitted(Arc<Session>);

/// Builds the routes that answer Socket.IO requests, and the handle to what is behind them.
///
/// They hold one service and no layer: axum makes a new service from a layer for each request
/// that reaches a fallback, and with it a new, empty set of sessions.
pub(crate) fn build(house: Arc<House>) -> (Router, Gateway) {
    metrics::describe_gauge!("chat_sockets", "Sockets in the default namespace.");
    metrics::describe_counter!("chat_events_total", "Events of clients by their outcome.");
    metrics::describe_counter!(
        "chat_sockets_cut_total",
        "Sockets cut because they took nothing."
    );
    metrics::describe_counter!("chat_sockets_ended_total", "Sockets ended by the server.");
    let (service, io) = limits::apply(SocketIo::builder())
        .req_path(PATH)
        .build_svc();
    let hub = house.hub.clone();
    let host = Arc::clone(&house);
    // Asynchronous work belongs here and not into the handler: an `.await` before `.on()` there
    // loses the first events of a client.
    let admit = async move |socket: SocketRef, auth: TryData<Option<Auth>>| {
        let result = admit(&house, &socket, auth.0.map_err(|_| ConnectRefusal::Auth)).await;
        if let Err(refusal) = &result {
            metrics::counter!("chat_refused_total", "code" => refusal.to_string()).increment(1);
        }
        result
    };
    let enter = async move |socket: SocketRef| entered(&host, socket);
    io.ns("/", enter.with(admit));
    let routes = Router::new()
        .route_service(PATH, service.clone())
        .route_service(&format!("{PATH}/"), service);
    (routes, Gateway { io, hub })
}

/// Where a socket's client is.
fn address(house: &House, socket: &SocketRef) -> IpAddr {
    let parts = socket.req_parts();
    let peer = parts.extensions.get::<Peer>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0);
    crate::http::client_address(&house.proxies, peer, &parts.headers)
}

/// Lets a client in, or says why not. Its handlers are set here already: the library tells the client that it is
/// connected before it calls the connect handler, and what the client says at once must not be lost.
async fn admit(
    house: &Arc<House>,
    socket: &SocketRef,
    auth: Result<Option<Auth>, ConnectRefusal>,
) -> Result<(), ConnectRefusal> {
    if house.stop.is_cancelled() {
        return Err(ConnectRefusal::Stopping);
    }
    if house.health.status() == DependencyStatus::Down {
        return Err(DoorError::Unavailable.into());
    }
    let auth = auth?.unwrap_or_default();
    let address = address(house, socket);
    let seat = house.rates.seat(address).ok_or(ConnectRefusal::Full)?;
    let parts = socket.req_parts();
    let identity = house.door.admit(&auth, &parts.headers).await?;
    let wire = parts.extensions.get::<Arc<Wire>>().cloned();
    let session = Arc::new(Session::new(identity, address, wire, seat));
    socket.on_fallback(Inbox::open(house, &session));
    socket.extensions.insert(Admitted(session));
    Ok(())
}

/// The client is in the namespace.
fn entered(house: &Arc<House>, socket: SocketRef) {
    let Some(Admitted(session)) = socket.extensions.get::<Admitted>() else {
        tracing::error!("a socket came in past the door");
        if let Err(error) = socket.disconnect() {
            tracing::debug!(%error, "the socket will be closed by its time-out");
        }
        return;
    };
    metrics::gauge!("chat_sockets").increment(1.0);
    let (hub, own) = (house.hub.clone(), Arc::clone(&session));
    socket.on_disconnect(async move |reason: DisconnectReason| {
        metrics::gauge!("chat_sockets").decrement(1.0);
        // The socket's id is the key to a polling session: it never goes into the log.
        tracing::debug!(?reason, "socket closed");
        own.ended.cancel();
        hub.left(own.key);
    });
    house.hub.enter(Arc::clone(&session), socket);
    session.entered.cancel();
    // A statement may have come between the check and the entry, when nobody was there to be ended.
    let who = session.identity();
    if let Some(stands_on) = who.session()
        && house.door.revoked.takes_back(&who)
    {
        house.hub.end_session(stands_on);
    }
}

impl Gateway {
    /// Ends all connections; stock clients see `transport close` and connect again by themselves,
    /// elsewhere. The library empties the namespaces first, so nothing may be sent afterwards.
    pub(crate) async fn close(&self) {
        tracing::debug!(sockets = self.hub.count(), "closing sockets");
        self.hub.close();
        self.io.close().await;
    }
}
