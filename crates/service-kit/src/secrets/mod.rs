//! Secrets of a server: keys from settings and files, sealing what is stored.

mod files;
mod material;
mod sealing;

use zeroize::Zeroizing;

pub use files::{KeyFileError, key_file, publish, read_or_make};
pub use material::{Key32, KeyError, KeyList};
pub use sealing::{Sealer, UnsealError};

/// Bytes that nobody can guess.
#[must_use]
pub fn random<const N: usize>() -> Zeroizing<[u8; N]> {
    let mut bytes = Zeroizing::new([0; N]);
    rand::fill(&mut bytes[..]);
    bytes
}
