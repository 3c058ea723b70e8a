//! Where a request comes from, through proxies that are trusted and none else.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::{HttpMessage as _, web};
use ipnet::IpNet;

/// Proxies that a request can have come through, at most: what stands beyond is not looked at.
const MAX_HOPS: usize = 32;

/// Which header proxies write the client's address into. Only one is believed: a proxy that writes
/// one of them passes on what a client wrote into the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For` and `X-Forwarded-Proto`: nearly everybody.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// Whom we believe when he says for whom he asks.
#[derive(Debug, Clone, Default)]
pub(crate) struct Proxies {
    trusted: Box<[IpNet]>,
    header: ForwardedHeader,
}

/// Where a request comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Client {
    /// The address; unspecified where there is none (a socket without addresses).
    pub(crate) address: IpAddr,
    /// Whether it came over TLS up to a trusted proxy.
    pub(crate) secure: bool,
}

impl Proxies {
    /// Believes proxies in these networks.
    pub(crate) fn new(trusted: Vec<IpNet>, header: ForwardedHeader) -> Self {
        let trusted = trusted.into();
        Self { trusted, header }
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted
            .iter()
            .any(|network| network.contains(&address))
    }

    /// The client of a request whose connection comes from `peer`.
    fn client(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Client {
        let nobody = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        let mut address = peer.map_or(nobody, |peer| peer.to_canonical());
        let mut secure = false;
        if !self.trusts(address) {
            return Client { address, secure };
        }
        let hops = match self.header {
            ForwardedHeader::XForwardedFor => {
                secure = x_proto_is_https(headers);
                plain_hops(headers)
            }
            ForwardedHeader::Forwarded => forwarded_hops(headers),
        };
        // Each proxy appends whom it heard: from the right, up to the first who isn't one of ours.
        for hop in hops {
            if let Some(https) = hop.https {
                secure = https;
            }
            let Some(before) = hop.address else {
                break;
            };
            address = before;
            if !self.trusts(address) {
                break;
            }
        }
        Client { address, secure }
    }
}

/// One value, as load balancers set it; with a list, the last is our nearest proxy's.
fn x_proto_is_https(headers: &HeaderMap) -> bool {
    let name = HeaderName::from_static("x-forwarded-proto");
    let last = headers.get_all(name).last();
    last.and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .is_some_and(|proto| proto.trim().eq_ignore_ascii_case("https"))
}

/// What one proxy says.
struct Hop {
    address: Option<IpAddr>,
    https: Option<bool>,
}

fn entries(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let mut entries: Vec<String> = headers
        .get_all(name)
        .flat_map(|value| match value.to_str() {
            Ok(text) => text.split(',').map(|one| one.trim().to_owned()).collect(),
            // Stands for itself, so that nothing left of it moves up.
            Err(_) => vec![String::new()],
        })
        .collect();
    entries.reverse();
    entries.truncate(MAX_HOPS);
    entries
}

fn plain_hops(headers: &HeaderMap) -> Vec<Hop> {
    entries(headers, &header::X_FORWARDED_FOR)
        .iter()
        .map(|entry| Hop {
            address: address(entry),
            https: None,
        })
        .collect()
}

fn forwarded_hops(headers: &HeaderMap) -> Vec<Hop> {
    entries(headers, &header::FORWARDED)
        .iter()
        .map(|entry| {
            let value = |wanted: &str| {
                entry.split(';').find_map(|pair| {
                    let (name, value) = pair.split_once('=')?;
                    let value = value.trim().trim_matches('"');
                    name.trim().eq_ignore_ascii_case(wanted).then_some(value)
                })
            };
            Hop {
                address: value("for").and_then(address),
                https: value("proto").map(|proto| proto.eq_ignore_ascii_case("https")),
            }
        })
        .collect()
}

/// An address as proxies write it: alone, with a port, in brackets.
fn address(text: &str) -> Option<IpAddr> {
    let bracketed = || {
        let (address, _) = text.strip_prefix('[')?.split_once(']')?;
        address.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
    };
    text.parse()
        .ok()
        .or_else(|| {
            text.parse()
                .ok()
                .map(|with_port: SocketAddr| with_port.ip())
        })
        .or_else(bracketed)
        .map(|address| address.to_canonical())
}

impl Client {
    /// The client of a request; found out once.
    pub(crate) fn of(request: &ServiceRequest) -> Self {
        if let Some(known) = request.extensions().get::<Self>() {
            return *known;
        }
        let peer = request.peer_addr().map(|peer| peer.ip());
        let client = match request.app_data::<web::Data<Proxies>>() {
            Some(proxies) => proxies.client(peer, request.headers()),
            None => Proxies::default().client(peer, request.headers()),
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
