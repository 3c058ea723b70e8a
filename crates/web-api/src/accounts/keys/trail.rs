//! Addresses in the audit: sealed with a key for each member, which is computed from ours and from a
//! salt that is deleted when he withdraws. Lines stay; where he was can't be read any more.

use std::fmt;
use std::net::IpAddr;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{Key32, Sealer, UnsealError};

/// Bytes of a block of SHA-256.
const BLOCK: usize = 64;

/// Seals addresses.
pub struct Trail {
    current: Key32,
    former: Vec<Key32>,
}

impl Trail {
    pub(super) fn new(current: &Key32, former: &[Key32]) -> Self {
        Self {
            current: current.clone(),
            former: former.to_vec(),
        }
    }

    /// An address as it is stored. `owner` is the id of the member whose salt it is: under another's
    /// name it can't be opened.
    ///
    /// # Errors
    /// None that a text as short as this can cause.
    pub fn seal(
        &self,
        salt: &[u8; 32],
        owner: &str,
        address: IpAddr,
    ) -> Result<Vec<u8>, UnsealError> {
        let text = address.to_canonical().to_string();
        self.sealer(salt).seal(&place(owner), &text)
    }

    /// The address that was sealed.
    ///
    /// # Errors
    /// [`UnsealError`], with another salt too.
    pub fn open(&self, salt: &[u8; 32], owner: &str, sealed: &[u8]) -> Result<IpAddr, UnsealError> {
        let text = self.sealer(salt).open(&place(owner), sealed)?;
        text.parse().map_err(|_| UnsealError::Damaged)
    }

    fn sealer(&self, salt: &[u8; 32]) -> Sealer {
        let former: Vec<Key32> = self.former.iter().map(|key| derived(key, salt)).collect();
        Sealer::new(&derived(&self.current, salt), &former)
    }
}

fn place(owner: &str) -> String {
    format!("audit.address:{owner}")
}

fn derived(key: &Key32, salt: &[u8; 32]) -> Key32 {
    // Filled up with zeros to a block, as HMAC does with a shorter key.
    let mut block = Zeroizing::new([0; BLOCK]);
    for (byte, part) in block.iter_mut().zip(key.expose()) {
        *byte = *part;
    }
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    mac.update(b"pillnuts audit address 1\0");
    mac.update(salt);
    Key32::new(mac.finalize().into_bytes().into())
}

impl fmt::Debug for Trail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trail(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::{IpAddr, Key32, Trail, UnsealError};

    #[test]
    fn only_the_salt_and_the_owner_that_sealed_an_address_open_it() {
        let key = |byte| Key32::new([byte; 32]);
        let trail = Trail::new(&key(1), &[]);
        let address: IpAddr = [203, 0, 113, 7].into();
        let sealed = trail.seal(&[9; 32], "u1", address).unwrap();
        assert_eq!(trail.open(&[9; 32], "u1", &sealed), Ok(address));
        assert_eq!(
            trail.open(&[9; 32], "u2", &sealed),
            Err(UnsealError::Forged)
        );
        assert!(trail.open(&[8; 32], "u1", &sealed).is_err(), "shredded");
        let rotated = Trail::new(&key(2), &[key(1)]);
        assert_eq!(rotated.open(&[9; 32], "u1", &sealed), Ok(address));
    }
}
