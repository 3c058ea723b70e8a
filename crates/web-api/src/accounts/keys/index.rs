//! Finding personal data that is stored sealed: by a keyed hash, which nobody without the key can try
//! the ten thousand million numbers against.

use std::fmt;
use std::net::IpAddr;

use domain::account::{AddressKey, EmailAddress, PhoneNumber};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::Key32;

/// Bytes of a block of SHA-256.
const BLOCK: usize = 64;

/// Computes keyed hashes.
pub struct BlindIndex(Key32);

/// What is looked for. The same text as another thing has another hash.
#[derive(Clone, Copy)]
pub enum What<'a> {
    /// A phone number.
    Phone(&'a PhoneNumber),
    /// An e-mail address.
    Email(&'a EmailAddress),
    /// A name that somebody typed to sign in, whether it exists or not.
    Account(&'a str),
    /// The member of this id, who proves himself while he is signed in: nothing that can be typed as a name.
    Member(&'a str),
    /// The second factor of the member of this id: nothing that can be typed as a name either.
    SecondFactor(&'a str),
    /// Where a request comes from.
    Address(IpAddr),
    /// The IPv6 site that a request comes from.
    Site(AddressKey),
    /// The token of a verification.
    VerificationToken(&'a str),
    /// A sign-up that may come again: the client's key, and the token that proves him.
    SignUp {
        /// `Idempotency-Key`.
        key: &'a str,
        /// Of the verification.
        token: &'a str,
    },
    /// What a sign-up asks for.
    SignUpBody(&'a str),
    /// A call that may come again: the route, who calls, and the client's key.
    Once {
        /// Names the call.
        route: &'a str,
        /// The member's id.
        caller: &'a str,
        /// `Idempotency-Key`.
        key: &'a str,
    },
    /// What such a call asks for.
    OnceBody(&'a str),
    /// A code that stands in for a second factor, of the member of this id.
    RecoveryCode(&'a str, &'a str),
    /// What the first factor rested on when a second one was asked for.
    FirstFactor(&'a str),
    /// A secret of sign-in by other services, or somebody's id there, under the name of its kind.
    Social(&'static str, &'a str),
    /// Not looked for at all: what the code of the verification of this id is made from.
    Code(&'a str),
    /// Not looked for either: what the token of the verification of this id is made from.
    VerificationTokenOf(&'a str),
    /// Nor this: what was permitted to who uploads a picture.
    ImageUpload(&'a str),
}

impl BlindIndex {
    /// With this key.
    #[must_use]
    pub fn new(key: Key32) -> Self {
        Self(key)
    }

    /// The hash.
    #[must_use]
    pub fn of(&self, what: What<'_>) -> [u8; 32] {
        let (name, text) = match what {
            What::Phone(number) => ("phone", number.e164()),
            What::Email(address) => ("email", address.key()),
            What::Account(name) => ("account", name.to_owned()),
            What::Member(id) => ("member", id.to_owned()),
            What::SecondFactor(id) => ("second factor", id.to_owned()),
            What::Address(address) => ("address", AddressKey::of(address).get().to_string()),
            What::Site(site) => ("site", site.get().to_string()),
            What::VerificationToken(token) => ("verification token", token.to_owned()),
            // The length tells where one ends and the other begins.
            What::SignUp { key, token } => ("sign-up", format!("{}:{key}{token}", key.len())),
            What::SignUpBody(body) => ("sign-up body", body.to_owned()),
            // Neither a route nor an id holds a line break.
            What::Once { route, caller, key } => ("once", format!("{route}\n{caller}\n{key}")),
            What::OnceBody(body) => ("once body", body.to_owned()),
            What::RecoveryCode(user, code) => ("recovery code", format!("{user} {code}")),
            What::FirstFactor(text) => ("first factor", text.to_owned()),
            What::ImageUpload(text) => ("image upload", text.to_owned()),
            What::Social(name, text) => (name, text.to_owned()),
            What::VerificationTokenOf(id) => ("verification token source", id.to_owned()),
            What::Code(id) => ("verification code source", id.to_owned()),
        };
        // Filled up with zeros to a block, as HMAC does with a shorter key.
        let mut block = Zeroizing::new([0; BLOCK]);
        for (byte, part) in block.iter_mut().zip(self.0.expose()) {
            *byte = *part;
        }
        let mut mac = Hmac::<Sha256>::new((&*block).into());
        mac.update(name.as_bytes());
        // No name holds one, so that no two pairs are one message.
        mac.update(&[0]);
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for BlindIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlindIndex(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::{BlindIndex, Key32, What};

    #[test]
    fn equal_things_are_found_and_others_are_not() {
        let index = BlindIndex::new(Key32::new([7; 32]));
        let number = |text: &str| text.parse().unwrap();
        let of = |text: &str| index.of(What::Phone(&number(text)));
        assert_eq!(of("010-1234-5678"), of("+82 10 1234 5678"));
        assert_ne!(of("010-1234-5678"), of("010-1234-5679"));
        assert_ne!(
            of("010-1234-5678"),
            index.of(What::Account("+821012345678")),
            "another thing of the same text"
        );
        let other = BlindIndex::new(Key32::new([8; 32]));
        let same = number("01012345678");
        assert_ne!(index.of(What::Phone(&same)), other.of(What::Phone(&same)));
    }
}
