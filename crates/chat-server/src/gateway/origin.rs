//! Which web pages may connect. Browsers send `Origin` with cross-site requests and every
//! WebSocket, and don't enforce anything on the latter themselves.

use std::collections::HashSet;
use std::str::FromStr;
use std::sync::Arc;

use axum::http::Uri;

/// An origin as browsers send it: scheme, host and, unless it is the usual one, port.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin(String);

impl FromStr for Origin {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri: Uri = text.parse().map_err(|_| "it isn't an address")?;
        let scheme = uri
            .scheme_str()
            .filter(|scheme| matches!(*scheme, "http" | "https"));
        let scheme = scheme.ok_or("it doesn't begin with http:// or https://")?;
        let authority = uri.authority().ok_or("it has no host")?.as_str();
        if authority.contains('@') || uri.query().is_some() || uri.path() != "/" {
            return Err("only scheme, host and port belong into it");
        }
        let usual = if scheme == "https" { ":443" } else { ":80" };
        let authority = authority.strip_suffix(usual).unwrap_or(authority);
        Ok(Self(format!(
            "{scheme}://{}",
            authority.to_ascii_lowercase()
        )))
    }
}

impl Origin {
    /// Whether it is a page on this machine, on any port.
    fn is_loopback(&self) -> bool {
        let Ok(uri) = self.0.parse::<Uri>() else {
            return false;
        };
        matches!(uri.host(), Some("localhost" | "127.0.0.1" | "[::1]"))
    }
}

/// Origins that may connect; a cheap handle.
#[derive(Debug, Clone)]
pub struct AllowedOrigins {
    listed: Arc<HashSet<Origin>>,
    loopback: bool,
}

impl AllowedOrigins {
    /// The listed origins and, where `loopback` is set, every page on this machine.
    #[must_use]
    pub fn new(listed: impl IntoIterator<Item = Origin>, loopback: bool) -> Self {
        Self {
            listed: Arc::new(listed.into_iter().collect()),
            loopback,
        }
    }

    /// Whether no page at all may connect.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty() && !self.loopback
    }

    /// Whether a request with this `Origin` header may go on. `null` (sandboxed frames, files)
    /// never may.
    #[must_use]
    pub fn allows(&self, header: &[u8]) -> bool {
        let Some(origin) = str::from_utf8(header)
            .ok()
            .and_then(|text| text.parse().ok())
        else {
            return false;
        };
        self.listed.contains(&origin) || (self.loopback && origin.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_exactly_the_listed_origins() {
        let listed: Vec<Origin> = ["https://Pillnuts.example", "http://a.example:8080"]
            .map(|text| text.parse().expect("an origin"))
            .into();
        let origins = AllowedOrigins::new(listed, false);
        for good in [
            "https://pillnuts.example",
            "https://pillnuts.example:443",
            "http://a.example:8080",
        ] {
            assert!(origins.allows(good.as_bytes()), "{good}");
        }
        for bad in [
            "http://pillnuts.example",
            "https://pillnuts.example.evil.example",
            "https://evil.example/https://pillnuts.example",
            "https://pillnuts.example@evil.example",
            "http://a.example",
            "http://localhost:8080",
            "null",
            "",
            "*",
        ] {
            assert!(!origins.allows(bad.as_bytes()), "{bad}");
        }
        assert!(!origins.allows(&[0xff, 0xfe]));
    }

    #[test]
    fn development_takes_pages_of_this_machine() {
        let origins = AllowedOrigins::new([], true);
        for good in [
            "http://localhost:3000",
            "http://127.0.0.1",
            "http://[::1]:8080",
        ] {
            assert!(origins.allows(good.as_bytes()), "{good}");
        }
        assert!(!origins.allows(b"http://localhost.evil.example"));
        assert!(!origins.allows(b"https://evil.example"));
    }
}
