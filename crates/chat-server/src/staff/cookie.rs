//! The cookie that a console session is held by.

use std::fmt;

use axum::http::{HeaderMap, header};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use service_kit::secrets::random;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::store::TokenHash;

/// Random bytes of a token.
const BYTES: usize = 32;
/// Browsers take a name that begins so only with `Secure`, `Path=/` and no `Domain`: no other host can set
/// it (RFC 6265bis, 4.1.3.2).
const SECURE_NAME: &str = "__Host-pillnuts-console";
/// Without TLS, on a laptop.
const PLAIN_NAME: &str = "pillnuts-console";

/// What a browser holds to be a counsellor. Nothing prints it.
#[derive(Clone)]
pub struct ConsoleToken(Zeroizing<String>);

impl ConsoleToken {
    /// One that nobody else has.
    #[must_use]
    pub fn random() -> Self {
        let bytes = random::<BYTES>();
        Self(Zeroizing::new(Base64UrlUnpadded::encode_string(&bytes[..])))
    }

    /// The token in the `Cookie` headers of a request. Where there are several, none: somebody else has
    /// set one of them.
    #[must_use]
    pub fn of(headers: &HeaderMap, secure: bool) -> Option<Self> {
        let name = name(secure);
        let values = headers.get_all(header::COOKIE).iter();
        let mut found = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(one, _)| *one == name)
            .map(|(_, value)| value.trim());
        let only = found.next().filter(|_| found.next().is_none())?;
        let mut bytes = Zeroizing::new([0; BYTES]);
        let decoded = Base64UrlUnpadded::decode(only, &mut bytes[..]).ok()?;
        (decoded.len() == BYTES).then(|| Self(Zeroizing::new(only.to_owned())))
    }

    /// What is stored. A plain hash does for 256 random bits, which nobody can try.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        let mut hash = Sha256::new_with_prefix("pillnuts console token 1");
        hash.update(self.0.as_bytes());
        TokenHash::new(hash.finalize().into())
    }

    /// `Set-Cookie`, for so many seconds.
    #[must_use]
    pub fn set(&self, secure: bool, seconds: i64) -> String {
        cookie(secure, &self.0, seconds)
    }

    /// `Set-Cookie` that takes it away.
    #[must_use]
    pub fn clear(secure: bool) -> String {
        cookie(secure, "", 0)
    }
}

impl fmt::Debug for ConsoleToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConsoleToken(not shown)")
    }
}

const fn name(secure: bool) -> &'static str {
    if secure { SECURE_NAME } else { PLAIN_NAME }
}

fn cookie(secure: bool, value: &str, seconds: i64) -> String {
    let tls = if secure { "; Secure" } else { "" };
    let name = name(secure);
    format!("{name}={value}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Strict{tls}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::COOKIE, value.parse().expect("a value"));
        }
        headers
    }

    #[test]
    fn a_token_is_found_in_its_cookie_and_nowhere_else() {
        for secure in [true, false] {
            let token = ConsoleToken::random();
            let set = token.set(secure, 60);
            assert!(set.ends_with("SameSite=Strict") != secure, "{set}");
            let pair = set.split(';').next().expect("a pair");
            let found = ConsoleToken::of(&headers(&["a=b; c=d", &format!("e=f; {pair}")]), secure);
            assert!(found.expect("a token").hash() == token.hash());
            assert!(ConsoleToken::of(&headers(&[pair]), !secure).is_none());
            let twice = format!("{pair}; {pair}");
            assert!(ConsoleToken::of(&headers(&[&twice]), secure).is_none());
            assert!(ConsoleToken::of(&headers(&[&pair[..pair.len() - 2]]), secure).is_none());
            assert!(ConsoleToken::of(&headers(&[]), secure).is_none());
        }
    }

    #[test]
    fn it_is_kept_from_scripts_and_other_sites() {
        let set = ConsoleToken::random().set(true, 60);
        for part in [
            "; HttpOnly",
            "; SameSite=Strict",
            "; Secure",
            "; Path=/;",
            "; Max-Age=60;",
        ] {
            assert!(set.contains(part), "{part} in {set}");
        }
        assert!(!set.contains("Domain"));
        assert!(ConsoleToken::clear(true).contains("__Host-pillnuts-console=; Max-Age=0;"));
    }
}
