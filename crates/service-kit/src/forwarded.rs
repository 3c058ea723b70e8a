//! Where a request comes from, through proxies that are trusted and none else.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use ipnet::IpNet;

use crate::settings::{Reader, Shape};

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

impl FromStr for ForwardedHeader {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.to_ascii_lowercase().as_str() {
            "x-forwarded-for" => Ok(Self::XForwardedFor),
            "forwarded" => Ok(Self::Forwarded),
            _ => Err("another header"),
        }
    }
}

/// Whom we believe when he says for whom he asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    trusted: Box<[IpNet]>,
    header: ForwardedHeader,
}

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The client's address.
    pub address: IpAddr,
    /// Whether it came over TLS up to a trusted proxy.
    pub secure: bool,
}

impl Proxies {
    /// Believes proxies in these networks.
    #[must_use]
    pub fn new(trusted: Vec<IpNet>, header: ForwardedHeader) -> Self {
        let trusted = trusted.into();
        Self { trusted, header }
    }

    /// Reads `TRUSTED_PROXIES` and `FORWARDED_HEADER`.
    pub fn read(reader: &mut Reader) -> Self {
        let networks = Shape::new(
            "addresses or networks separated by commas",
            "10.0.0.0/8,192.0.2.7",
        );
        let header = Shape::new("x-forwarded-for or forwarded", "x-forwarded-for");
        let trusted: Vec<Network> = reader.list("TRUSTED_PROXIES", &networks);
        Self::new(
            trusted.into_iter().map(|network| network.0).collect(),
            reader.parsed("FORWARDED_HEADER", ForwardedHeader::default(), &header),
        )
    }

    /// Where a request comes from whose connection comes from `peer`. `values` gives all values of a header in
    /// order; what can't be read as text is empty there.
    pub fn origin(&self, peer: IpAddr, values: impl Fn(&str) -> Vec<String>) -> Origin {
        let mut address = peer.to_canonical();
        let mut secure = false;
        if !self.trusts(address) {
            return Origin { address, secure };
        }
        let hops = match self.header {
            ForwardedHeader::XForwardedFor => {
                let proto = values("x-forwarded-proto");
                // One value, as load balancers set it; with a list, the last is our nearest proxy's.
                secure = proto
                    .last()
                    .and_then(|value| value.rsplit(',').next())
                    .is_some_and(|proto| proto.trim().eq_ignore_ascii_case("https"));
                hops(&values("x-forwarded-for"), |entry| Hop {
                    address: host(entry),
                    https: None,
                })
            }
            ForwardedHeader::Forwarded => hops(&values("forwarded"), forwarded),
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
        Origin { address, secure }
    }

    fn trusts(&self, address: IpAddr) -> bool {
        let mut trusted = self.trusted.iter();
        trusted.any(|network| network.contains(&address))
    }
}

/// A network, or a single address.
struct Network(IpNet);

impl FromStr for Network {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let single = || text.parse::<IpAddr>().map(IpNet::from);
        let network = text.parse().or_else(|_| single());
        let network: IpNet = network.map_err(|_| "not a network")?;
        // Everybody is a proxy: then everybody says for himself where he comes from.
        if network.prefix_len() == 0 {
            return Err("the whole internet can't be trusted");
        }
        Ok(Self(network.trunc()))
    }
}

/// What one proxy says.
struct Hop {
    address: Option<IpAddr>,
    https: Option<bool>,
}

/// The entries of a header, the nearest proxy's first. An empty one stands for itself, so that nothing left of it
/// moves up.
fn hops(values: &[String], read: impl Fn(&str) -> Hop) -> Vec<Hop> {
    let entries: Vec<&str> = values.iter().flat_map(|value| value.split(',')).collect();
    let nearest = entries.iter().rev().take(MAX_HOPS);
    nearest.map(|entry| read(entry.trim())).collect()
}

fn forwarded(entry: &str) -> Hop {
    let value = |wanted: &str| {
        entry.split(';').find_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            let value = value.trim().trim_matches('"');
            name.trim().eq_ignore_ascii_case(wanted).then_some(value)
        })
    };
    Hop {
        address: value("for").and_then(host),
        https: value("proto").map(|proto| proto.eq_ignore_ascii_case("https")),
    }
}

/// An address as proxies write it: alone, with a port, in brackets.
fn host(text: &str) -> Option<IpAddr> {
    let bracketed = || {
        let (address, _) = text.strip_prefix('[')?.split_once(']')?;
        address.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
    };
    let with_port = || text.parse().ok().map(|socket: SocketAddr| socket.ip());
    let address = text.parse().ok().or_else(with_port).or_else(bracketed);
    address.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(header: ForwardedHeader, peer: &str, values: &[(&str, &str)]) -> (String, bool) {
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|net| net.parse().expect("a network"));
        let proxies = Proxies::new(trusted.into(), header);
        let origin = proxies.origin(peer.parse().expect("an address"), |name| {
            let found = values.iter().filter(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned()).collect()
        });
        (origin.address.to_string(), origin.secure)
    }

    #[test]
    fn believes_trusted_proxies_alone_and_from_the_right() {
        let x = ForwardedHeader::XForwardedFor;
        let name = "x-forwarded-for";
        let lie = [(name, "1.1.1.1")];
        assert_eq!(origin(x, "192.0.2.1", &lie).0, "192.0.2.1");
        assert_eq!(origin(x, "10.0.0.1", &[]).0, "10.0.0.1");
        let chain = [(name, "1.1.1.1, 192.0.2.9"), (name, "10.2.3.4")];
        assert_eq!(origin(x, "10.0.0.1", &chain).0, "192.0.2.9");
        let broken = [(name, "1.1.1.1, , 10.2.3.4")];
        assert_eq!(origin(x, "::ffff:10.0.0.1", &broken).0, "10.2.3.4");
        let secure = [
            (name, "192.0.2.9:4711"),
            ("x-forwarded-proto", "http, https"),
        ];
        assert_eq!(
            origin(x, "10.0.0.1", &secure),
            ("192.0.2.9".to_owned(), true)
        );
    }

    #[test]
    fn reads_the_standard_header() {
        let values = [(
            "forwarded",
            "for=1.1.1.1, for=\"[2001:db8::7]:4711\";proto=https, for=fd00::2",
        )];
        let (address, secure) = origin(ForwardedHeader::Forwarded, "fd00::1", &values);
        assert_eq!((address.as_str(), secure), ("2001:db8::7", true));
        assert_eq!(
            origin(
                ForwardedHeader::Forwarded,
                "10.0.0.1",
                &[("x-forwarded-for", "1.1.1.1")]
            )
            .0,
            "10.0.0.1"
        );
    }
}
