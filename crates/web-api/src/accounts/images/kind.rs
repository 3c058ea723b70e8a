//! The three types of pictures that are taken.

use std::str::FromStr;

/// A type of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ImageKind {
    /// ITU-T T.81.
    Jpeg,
    /// RFC 2083, W3C PNG.
    Png,
    /// RFC 9649.
    Webp,
}

impl ImageKind {
    /// What may be announced.
    pub(crate) const CONTENT_TYPES: [&'static str; 3] = ["image/jpeg", "image/png", "image/webp"];

    /// Its media type.
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }

    /// What bytes say that they are, by the signatures of the three formats.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Some(Self::Webp)
        } else {
            None
        }
    }
}

/// None of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UnknownKind;

impl FromStr for ImageKind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [Self::Jpeg, Self::Png, Self::Webp];
        let found = all.into_iter().find(|kind| kind.content_type() == text);
        found.ok_or(UnknownKind)
    }
}
