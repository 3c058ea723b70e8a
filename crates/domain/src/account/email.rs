//! E-mail addresses, as far as it pays to check them without sending one.

use std::fmt;
use std::str::FromStr;

/// Most bytes before the `@` (RFC 5321, 4.5.3.1.1).
const LONGEST_LOCAL: usize = 64;
/// Most bytes of the whole: a path has 256 with its two angle brackets (RFC 5321, 4.5.3.1.3).
const LONGEST: usize = 254;
/// Most bytes of one label of a domain (RFC 1035, 2.3.4).
const LONGEST_LABEL: usize = 63;

/// An address of the form `local@domain` that mail servers of today deliver to: RFC 5321 without
/// quoted local parts, address literals and (RFC 6531) characters outside ASCII; a domain with Hangul
/// is taken in its `xn--` form.
///
/// # Case
/// The domain is lower case in the normal form, as case means nothing there. The local part is kept as
/// it was typed, since only its own server knows whether case matters, and mail goes to what was
/// typed. [`key`](Self::key) is lower case as a whole and is what has to be unique and what sign-in
/// looks for: no provider that matters gives `Kim@` and `kim@` to two people, and people don't
/// remember how they typed it. Dots and `+tags` are never folded: that is one provider's rule.
///
/// `Debug` hides it; [`masked`](Self::masked) is what may be shown.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress {
    text: String,
    /// Where the `@` stands.
    at: usize,
}

/// Why a text is not an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an e-mail address looks like name@example.com and has at most 254 characters")]
pub struct EmailAddressError;

impl EmailAddress {
    /// The normal form, to which mail is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The form that has to be unique and that is looked for.
    #[must_use]
    pub fn key(&self) -> String {
        self.text.to_ascii_lowercase()
    }

    /// `k***@example.com`: enough for its owner to recognise it. The stars tell no length.
    #[must_use]
    pub fn masked(&self) -> String {
        let (local, domain) = self.text.split_at_checked(self.at).unwrap_or_default();
        let first: String = local.chars().take(1).collect();
        format!("{first}***{domain}")
    }
}

impl FromStr for EmailAddress {
    type Err = EmailAddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > LONGEST {
            return Err(EmailAddressError);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(EmailAddressError)?;
        if !is_local(local) || !is_domain(domain) {
            return Err(EmailAddressError);
        }
        Ok(Self {
            text: format!("{local}@{}", domain.to_ascii_lowercase()),
            at: local.len(),
        })
    }
}

/// `Dot-string` of RFC 5321, 4.1.2.
fn is_local(local: &str) -> bool {
    let atom = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
    };
    local.len() <= LONGEST_LOCAL && local.split('.').all(atom)
}

/// Two labels at least: mail to `localhost` or to a bare top-level domain is a slip. A last label of
/// digits would be an IP address.
fn is_domain(domain: &str) -> bool {
    let label = |part: &str| {
        (1..=LONGEST_LABEL).contains(&part.len())
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    domain.split('.').all(label)
        && domain.rsplit_once('.').is_some_and(|(_, last)| {
            last.len() >= 2 && last.bytes().any(|byte| byte.is_ascii_alphabetic())
        })
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}
