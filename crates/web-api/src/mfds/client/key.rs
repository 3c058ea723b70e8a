//! The service key of data.go.kr.

use std::fmt;
use std::str::FromStr;

use secrecy::{ExposeSecret as _, SecretString};

/// A key, in its decoded form; `Debug` shows nothing of it.
///
/// data.go.kr shows each key twice: as it is (base64, with `+`, `/` and `=`) and percent-encoded. Both
/// are taken. Sending the encoded one encoded once more is the classic way to get error 30.
#[derive(Clone)]
pub struct ServiceKey(SecretString);

/// Shorter runs of letters are words that stand anywhere.
const TELLING_RUN: usize = 6;

/// The text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key is 8 to 1,000 characters of ASCII without spaces")]
pub struct KeyError;

impl FromStr for ServiceKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let plain =
            (8..=1000).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !plain {
            return Err(KeyError);
        }
        // Base64 has no percent sign: one says that the key is encoded.
        let decoded = if text.contains('%') {
            decode(text).ok_or(KeyError)?
        } else {
            text.to_owned()
        };
        Ok(Self(SecretString::from(decoded)))
    }
}

fn decode(text: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let (high, low) = (hex(bytes.next()?)?, hex(bytes.next()?)?);
        decoded.push(high * 16 + low);
    }
    String::from_utf8(decoded).ok()
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

impl ServiceKey {
    /// The key, for the request alone.
    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Length of the longest form that [`redact`](Self::redact) knows, in characters.
    pub(super) fn longest_form(&self) -> usize {
        // Each byte encoded twice (`%252B`), and one more for what comes next to it.
        self.expose().len() * 5 + 1
    }

    /// The text without the key, in whichever form it stands there: gateways echo the request. Its runs
    /// of letters and digits are taken out as well: a key whose signs were escaped in some other way
    /// (`\/`, `&#43;`, a space for `+`) is as good as the key.
    pub(super) fn redact(&self, text: &str) -> String {
        let key = self.expose();
        let upper: String = url::form_urlencoded::byte_serialize(key.as_bytes()).collect();
        let mut clean = text.replace(key, "[key]").replace(&upper, "[key]");
        // Some gateways write `%2b`; the letters of the key itself keep their case.
        let lower = lower_escapes(&upper);
        if lower != upper {
            clean = clean.replace(&lower, "[key]");
        }
        // Encoded twice.
        let twice: String = url::form_urlencoded::byte_serialize(upper.as_bytes()).collect();
        if twice != upper {
            clean = clean.replace(&twice, "[key]");
        }
        for run in key.split(|c: char| !c.is_ascii_alphanumeric()) {
            if run.len() >= TELLING_RUN {
                clean = clean.replace(run, "[key]");
            }
        }
        clean
    }
}

fn lower_escapes(text: &str) -> String {
    let mut left = 0_u8;
    text.chars()
        .map(|c| {
            if c == '%' {
                left = 2;
                c
            } else if left > 0 {
                left -= 1;
                c.to_ascii_lowercase()
            } else {
                c
            }
        })
        .collect()
}

impl fmt::Debug for ServiceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServiceKey([hidden])")
    }
}

#[cfg(test)]
mod tests {
    use super::ServiceKey;

    const DECODED: &str = "aB+cd/EFgh12==";

    #[test]
    fn takes_both_forms() {
        for text in [DECODED, "aB%2Bcd%2FEFgh12%3D%3D", "aB%2bcd%2fEFgh12%3d%3d"] {
            assert_eq!(text.parse::<ServiceKey>().unwrap().expose(), DECODED);
        }
        for text in [
            "",
            "short",
            "with a space",
            "half%2",
            "bad%zz-hex",
            "키가아닙니다요",
        ] {
            assert!(text.parse::<ServiceKey>().is_err(), "{text}");
        }
    }

    #[test]
    fn is_never_shown() {
        let key: ServiceKey = DECODED.parse().unwrap();
        assert!(!format!("{key:?}").contains("aB"));
        for form in [
            DECODED,
            "aB%2Bcd%2FEFgh12%3D%3D",
            "aB%2bcd%2fEFgh12%3d%3d",
            "aB%252Bcd%252FEFgh12%253D%253D",
        ] {
            let text = key.redact(&format!("GET /x?serviceKey={form}&pageNo=1"));
            assert_eq!(text, "GET /x?serviceKey=[key]&pageNo=1");
        }
        for form in [
            r"aB+cd\/EFgh12==",
            "aB&#43;cd&#x2F;EFgh12&#61;&#61;",
            "aB cd/EFgh12==",
        ] {
            let text = key.redact(&format!("bad key {form}"));
            assert!(!text.contains("EFgh12"), "{text}");
        }
    }
}
