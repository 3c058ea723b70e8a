//! Addresses that clients claim, and what is believed of them.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

use service_kit::forwarded::ForwardedHeader;

use super::{Proxies, from_peer};

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
        headers.append(name, HeaderValue::from_str(value).expect("a value"));
    }
    headers
}

fn proxies(header: ForwardedHeader) -> Proxies {
    let networks = ["10.0.0.0/8", "fd00::/8"].map(|text| text.parse().expect("a network"));
    Proxies::new(networks.to_vec(), header)
}

fn seen(header: ForwardedHeader, peer: &str, pairs: &[(&str, &str)]) -> (String, bool) {
    let peer = peer.parse().expect("an address");
    let client = from_peer(&proxies(header), Some(peer), &headers(pairs));
    (client.address.to_string(), client.secure)
}

#[test]
fn nobody_is_believed_by_default() {
    let claim = headers(&[
        ("x-forwarded-for", "1.2.3.4"),
        ("forwarded", "for=1.2.3.4;proto=https"),
        ("x-forwarded-proto", "https"),
    ]);
    let peer = "127.0.0.1".parse().expect("an address");
    let client = from_peer(&Proxies::default(), Some(peer), &claim);
    assert_eq!((client.address, client.secure), (peer, false));
    assert_eq!(
        from_peer(&Proxies::default(), None, &claim)
            .address
            .to_string(),
        "0.0.0.0"
    );
}

#[test]
fn the_first_from_the_right_that_is_no_proxy_is_the_client() {
    for (peer, value, expected) in [
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        // What the client wrote itself stands left of what our proxy heard.
        ("10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "10.9.9.9, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        ("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("10.0.0.1", "[2001:db8::1]", "2001:db8::1"),
        ("10.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
        ("::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("fd00::1", "203.0.113.9", "203.0.113.9"),
        // Nonsense hides what stands left of it: the last that is known counts.
        ("10.0.0.1", "203.0.113.9, unknown", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9, , 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "999.1.1.1", "10.0.0.1"),
        // Not one of ours: whatever it says.
        ("203.0.113.200", "1.1.1.1", "203.0.113.200"),
        ("11.0.0.1", "1.1.1.1", "11.0.0.1"),
    ] {
        let pairs = [("x-forwarded-for", value)];
        let (address, _) = seen(ForwardedHeader::XForwardedFor, peer, &pairs);
        assert_eq!(address, expected, "{peer}: {value}");
    }
}

#[test]
fn several_lines_are_one_list() {
    let lines = [
        ("x-forwarded-for", "1.1.1.1"),
        ("x-forwarded-for", "203.0.113.9, 10.0.0.2"),
    ];
    let (address, _) = seen(ForwardedHeader::XForwardedFor, "10.0.0.1", &lines);
    assert_eq!(address, "203.0.113.9");
    let long = format!("203.0.113.9{}", ", 10.0.0.2".repeat(10_000));
    let (address, _) = seen(
        ForwardedHeader::XForwardedFor,
        "10.0.0.1",
        &[("x-forwarded-for", &long)],
    );
    assert_eq!(address, "10.0.0.2");
}

#[test]
fn only_the_one_header_is_believed() {
    let both = [
        ("x-forwarded-for", "203.0.113.9"),
        ("x-forwarded-proto", "http"),
        ("forwarded", "for=198.51.100.7;proto=https"),
    ];
    let plain = seen(ForwardedHeader::XForwardedFor, "10.0.0.1", &both);
    assert_eq!(plain, ("203.0.113.9".to_owned(), false));
    let rfc = seen(ForwardedHeader::Forwarded, "10.0.0.1", &both);
    assert_eq!(rfc, ("198.51.100.7".to_owned(), true));
}

#[test]
fn forwarded_is_read_as_rfc_7239_writes_it() {
    for (value, expected, secure) in [
        ("for=192.0.2.43", "192.0.2.43", false),
        (
            "For=\"[2001:db8:cafe::17]:4711\"",
            "2001:db8:cafe::17",
            false,
        ),
        (
            "for=192.0.2.60;proto=https;by=203.0.113.43",
            "192.0.2.60",
            true,
        ),
        (
            "for=1.1.1.1;proto=https, for=192.0.2.43;proto=http",
            "192.0.2.43",
            false,
        ),
        ("for=_hidden, for=10.0.0.9;proto=https", "10.0.0.9", true),
        ("proto=https", "10.0.0.1", true),
    ] {
        let found = seen(
            ForwardedHeader::Forwarded,
            "10.0.0.1",
            &[("forwarded", value)],
        );
        assert_eq!(found, (expected.to_owned(), secure), "{value}");
    }
}

#[test]
fn tls_is_what_the_nearest_proxy_says() {
    for (value, secure) in [
        ("https", true),
        ("HTTPS", true),
        ("http", false),
        ("https, http", false),
    ] {
        let pairs = [
            ("x-forwarded-for", "203.0.113.9"),
            ("x-forwarded-proto", value),
        ];
        assert_eq!(
            seen(ForwardedHeader::XForwardedFor, "10.0.0.1", &pairs).1,
            secure,
            "{value}"
        );
        assert!(
            !seen(ForwardedHeader::XForwardedFor, "203.0.113.1", &pairs).1,
            "{value}"
        );
    }
}

#[test]
fn an_address_is_never_shown_whole() {
    for (address, shown) in [
        ("203.0.113.9", "203.0.*.*"),
        ("2001:db8:1:2::7", "2001:db8:*"),
    ] {
        let client = super::Client {
            address: address.parse().expect("an address"),
            secure: false,
        };
        assert_eq!(client.to_string(), shown);
        assert!(!format!("{client:?}").contains(address));
    }
}
