//! Data at rest: XChaCha20-Poly1305, whose nonces are long enough to be drawn at random.

use std::fmt;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::{Key32, random};

/// First byte of everything sealed: the form of the rest.
const FORM: u8 = 1;
const KEY_ID: usize = 8;
const NONCE: usize = 24;

/// Seals texts with the current key and opens them with whichever of its keys they name.
pub struct Sealer {
    current: Named,
    former: Vec<Named>,
}

struct Named {
    id: [u8; KEY_ID],
    cipher: XChaCha20Poly1305,
}

/// Why something sealed can't be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnsealError {
    /// Cut off, or of another form.
    #[error("sealed data is damaged")]
    Damaged,
    /// No such key: the settings have to hold it, as a former one, as long as there is data under it.
    #[error("data is sealed with a key that is neither the present one nor a former one")]
    UnknownKey,
    /// It was changed, or moved from elsewhere.
    #[error("sealed data isn't what was sealed here")]
    Forged,
}

impl Named {
    /// A key's id is computed from it, so that nobody has to give it one.
    fn new(key: &Key32) -> Self {
        let digest = Sha256::new_with_prefix("pillnuts key id 1")
            .chain_update(key.expose())
            .finalize();
        let mut id = [0; KEY_ID];
        for (byte, part) in id.iter_mut().zip(digest) {
            *byte = part;
        }
        let cipher = XChaCha20Poly1305::new(key.expose().into());
        Self { id, cipher }
    }
}

impl Sealer {
    /// With the current key and those that it replaced.
    #[must_use]
    pub fn new(current: &Key32, former: &[Key32]) -> Self {
        Self {
            current: Named::new(current),
            former: former.iter().map(Named::new).collect(),
        }
    }

    /// Seals a text. `place` says where it will stand (a column, a row): elsewhere it can't be opened.
    ///
    /// # Errors
    /// For texts of more than a quarter of a terabyte.
    pub fn seal(&self, place: &str, text: &str) -> Result<Vec<u8>, UnsealError> {
        let nonce = random::<NONCE>();
        let payload = Payload {
            msg: text.as_bytes(),
            aad: place.as_bytes(),
        };
        let nonce_ref: &XNonce = (&*nonce).into();
        let sealed = self
            .current
            .cipher
            .encrypt(nonce_ref, payload)
            .map_err(|_| UnsealError::Damaged)?;
        Ok([&[FORM][..], &self.current.id, &nonce[..], &sealed].concat())
    }

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// [`UnsealError`], never with anything of the data in it.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<String>, UnsealError> {
        let (form, rest) = sealed.split_first().ok_or(UnsealError::Damaged)?;
        if *form != FORM {
            return Err(UnsealError::Damaged);
        }
        let (id, rest) = rest
            .split_first_chunk::<KEY_ID>()
            .ok_or(UnsealError::Damaged)?;
        let (nonce, msg) = rest
            .split_first_chunk::<NONCE>()
            .ok_or(UnsealError::Damaged)?;
        let key = std::iter::once(&self.current)
            .chain(&self.former)
            .find(|key| key.id == *id)
            .ok_or(UnsealError::UnknownKey)?;
        let aad = place.as_bytes();
        let nonce: &XNonce = nonce.into();
        let bytes = key
            .cipher
            .decrypt(nonce, Payload { msg, aad })
            .map_err(|_| UnsealError::Forged)?;
        let text = String::from_utf8(bytes).map_err(|_| UnsealError::Damaged)?;
        Ok(Zeroizing::new(text))
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::{Key32, Sealer, UnsealError};

    fn sealer(current: u8, former: &[u8]) -> Sealer {
        let key = |byte: u8| Key32::new([byte; 32]);
        let former: Vec<Key32> = former.iter().copied().map(key).collect();
        Sealer::new(&key(current), &former)
    }

    #[test]
    fn opens_what_it_sealed_and_nothing_else() {
        let one = sealer(1, &[]);
        let sealed = one.seal("users.phone", "+821012345678").unwrap();
        assert_eq!(*one.open("users.phone", &sealed).unwrap(), "+821012345678");
        assert_ne!(sealed, one.seal("users.phone", "+821012345678").unwrap());
        assert_eq!(
            one.open("users.email", &sealed),
            Err(UnsealError::Forged),
            "moved to another column"
        );
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            *changed.get_mut(at).unwrap() ^= 1;
            assert!(one.open("users.phone", &changed).is_err(), "byte {at}");
            let cut = sealed.get(..at).unwrap();
            assert!(one.open("users.phone", cut).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_replaced_key_still_opens_and_a_dropped_one_is_named_as_the_reason() {
        let sealed = sealer(1, &[]).seal("p", "text").unwrap();
        assert_eq!(*sealer(2, &[1]).open("p", &sealed).unwrap(), "text");
        assert_eq!(
            sealer(2, &[]).open("p", &sealed),
            Err(UnsealError::UnknownKey)
        );
        let anew = sealer(2, &[1]).seal("p", "text").unwrap();
        assert!(
            sealer(2, &[]).open("p", &anew).is_ok(),
            "by the current key"
        );
    }
}
