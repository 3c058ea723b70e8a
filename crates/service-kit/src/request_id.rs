//! The identifier that ties an answer, its log lines and a user's report together.

use std::fmt;

use uuid::fmt::Hyphenated;
use uuid::{Uuid, Variant, Version};

/// Name of the header that carries the identifier in both directions, in lower case.
pub const HEADER: &str = "x-request-id";

/// An identifier in the form of a UUID (RFC 9562), lower case: safe in logs, headers and JSON.
///
/// What a caller sends is logged and comes back, so it must not be a way to write into a log: a text of
/// letters and digits may be somebody's number, name or illness, thirty-two hexadecimal digits that say
/// which kind of UUID they are say nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct RequestId(String);

impl RequestId {
    /// A new identifier: UUID version 7, so that identifiers sort by time.
    #[must_use]
    pub fn generate() -> Self {
        Self(Uuid::now_v7().to_string())
    }

    /// The identifier that a caller sent, where it is one that a program makes: a UUID of version 4 or 7,
    /// with hyphens.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Other spellings (braces, `urn:`, no hyphens) have another length.
        if text.len() != Hyphenated::LENGTH {
            return None;
        }
        let uuid = Uuid::try_parse(text).ok()?;
        let version = matches!(
            uuid.get_version(),
            Some(Version::Random | Version::SortRand)
        );
        let made = version && uuid.get_variant() == Variant::RFC4122;
        made.then(|| Self(uuid.to_string()))
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
    fn takes_over_a_uuid_in_one_spelling() {
        for id in [Uuid::new_v4(), Uuid::now_v7()] {
            let text = id.to_string();
            assert_eq!(RequestId::accept(Some(text.as_bytes())).as_str(), text);
            let loud = text.to_uppercase();
            assert_eq!(RequestId::accept(Some(loud.as_bytes())).as_str(), text);
        }
    }

    // Nothing that says anything of anybody is taken over into a log.
    #[test]
    fn replaces_anything_else_by_a_new_one() {
        let bare = Uuid::now_v7().simple().to_string();
        let urn = Uuid::now_v7().urn().to_string();
        for bad in [
            "",
            "a b",
            "한글",
            "a\nb",
            "\"",
            "abc-1.2_Z",
            "010-9753-8642",
            "821097538642",
            "diabetes-type-2",
            "haneul7-takes-warfarin",
            "00000000-0000-0000-0000-000000000000",
            // A number between digits that are no UUID of a kind that is made at random.
            "01097538-6420-1097-5386-420109753864",
            bare.as_str(),
            urn.as_str(),
            "a".repeat(36).as_str(),
            "a".repeat(10_000).as_str(),
        ] {
            let id = RequestId::accept(Some(bad.as_bytes()));
            assert_ne!(id.as_str(), bad);
            let uuid = Uuid::parse_str(id.as_str()).expect("a UUID");
            assert_eq!(uuid.get_version_num(), 7, "for {bad:?}");
        }
        assert_ne!(RequestId::accept(Some(&[0xff])), RequestId::accept(None));
    }
}
