//! Where a request comes from, through proxies that are trusted and none else.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use actix_web::dev::ServiceRequest;
use actix_web::http::header::HeaderMap;
use actix_web::{HttpMessage as _, web};

pub(crate) use service_kit::forwarded::Proxies;

/// Where a request comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Client {
    /// The address; unspecified where there is none (a socket without addresses).
    pub(crate) address: IpAddr,
    /// Whether it came over TLS up to a trusted proxy.
    pub(crate) secure: bool,
}

/// The client of a request whose connection comes from `peer`.
fn from_peer(proxies: &Proxies, peer: Option<IpAddr>, headers: &HeaderMap) -> Client {
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let origin = proxies.origin(peer, |name| {
        let values = headers.get_all(name);
        values
            .map(|value| value.to_str().unwrap_or_default().to_owned())
            .collect()
    });
    Client {
        address: origin.address,
        secure: origin.secure,
    }
}

impl Client {
    /// The client of a request; found out once.
    pub(crate) fn of(request: &ServiceRequest) -> Self {
        if let Some(known) = request.extensions().get::<Self>() {
            return *known;
        }
        let peer = request.peer_addr().map(|peer| peer.ip());
        let client = match request.app_data::<web::Data<Proxies>>() {
            Some(proxies) => from_peer(proxies, peer, request.headers()),
            None => from_peer(&Proxies::default(), peer, request.headers()),
        };
        request.extensions_mut().insert(client);
        client
    }
}

/// Never the whole address: a log line must not say who looked something up.
impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.address {
            IpAddr::V4(address) => {
                let [a, b, ..] = address.octets();
                write!(f, "{a}.{b}.*.*")
            }
            IpAddr::V6(address) => {
                let [a, b, ..] = address.segments();
                write!(f, "{a:x}:{b:x}:*")
            }
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Client({self}, secure: {})", self.secure)
    }
}

#[cfg(test)]
mod tests;
