//! The identifier that ties an answer, its log lines and a user's report together.

use std::fmt;

use uuid::Uuid;

/// Name of the header that carries the identifier in both directions, in lower case.
pub const HEADER: &str = "x-request-id";

/// Longest identifier that is taken over from a caller, in bytes.
pub const MAX_LENGTH: usize = 64;

/// An identifier of 1–64 characters of `[A-Za-z0-9._-]`, safe in logs, headers and JSON.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct RequestId(String);

impl RequestId {
    /// A new identifier: UUID version 7, so that identifiers sort by time.
    #[must_use]
    pub fn generate() -> Self {
        Self(Uuid::now_v7().to_string())
    }

    /// The identifier that a caller sent, where it has the allowed form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        let fits = (1..=MAX_LENGTH).contains(&text.len());
        (fits && text.bytes().all(allowed)).then(|| Self(text.to_owned()))
    }

    /// The caller's identifier where it has the allowed form, else a new one.
    #[must_use]
    pub fn accept(incoming: Option<&[u8]>) -> Self {
        incoming
            .and_then(|bytes| str::from_utf8(bytes).ok())
            .and_then(Self::parse)
            .unwrap_or_else(Self::generate)
    }

    /// The text of the identifier.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_over_a_well_formed_identifier() {
        assert_eq!(RequestId::accept(Some(b"abc-1.2_Z")).as_str(), "abc-1.2_Z");
        let longest = "a".repeat(MAX_LENGTH);
        assert_eq!(
            RequestId::accept(Some(longest.as_bytes())).as_str(),
            longest
        );
    }

    #[test]
    fn replaces_anything_else_by_a_new_one() {
        let too_long = "a".repeat(MAX_LENGTH + 1);
        for bad in ["", "a b", "한글", "a\nb", "\"", too_long.as_str()] {
            let id = RequestId::accept(Some(bad.as_bytes()));
            let uuid = Uuid::parse_str(id.as_str()).expect("a UUID");
            assert_eq!(uuid.get_version_num(), 7, "for {bad:?}");
        }
        assert_ne!(RequestId::accept(Some(&[0xff])), RequestId::accept(None));
    }
}
