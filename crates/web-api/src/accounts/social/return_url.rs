//! Places of the front end that people are sent back to.

use std::str::FromStr;

use url::Url;

/// Longest of them, in bytes.
const LONGEST: usize = 300;

/// A place of the front end. It is compared as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnUrl(String);

/// Why a text is no such place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an http or https address of at most 300 bytes without a fragment, user name and password")]
pub struct ReturnUrlError;

impl ReturnUrl {
    /// The address, as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ReturnUrl {
    type Err = ReturnUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text).map_err(|_| ReturnUrlError)?;
        // It becomes a header: what the parser tidies up must not have been there.
        let same = url.as_str() == text || url.as_str() == format!("{text}/");
        let right = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
            && text.len() <= LONGEST;
        if same && right {
            Ok(Self(text.to_owned()))
        } else {
            Err(ReturnUrlError)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ReturnUrl;

    #[test]
    fn only_whole_plain_addresses_are_places_to_return_to() {
        for right in [
            "https://pillnuts.example/signed-in",
            "https://pillnuts.example",
            "http://127.0.0.1:3000/back?view=1",
        ] {
            right.parse::<ReturnUrl>().unwrap();
        }
        for wrong in [
            "",
            "/signed-in",
            "//pillnuts.example/",
            "javascript:alert(1)",
            "ftp://pillnuts.example/",
            "https://pillnuts.example/#there",
            "https://user@pillnuts.example/",
            "https://pillnuts.example/a b",
            "https://pillnuts.example/\r\nSet-Cookie: a=b",
            "https://pillnuts.example/../x",
        ] {
            assert!(wrong.parse::<ReturnUrl>().is_err(), "{wrong}");
        }
    }
}
