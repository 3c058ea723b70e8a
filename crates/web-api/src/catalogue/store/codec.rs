//! Content as bytes: JSON, compressed.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use zstd::zstd_safe;

use crate::db::DbError;

/// Fast, and within a few percent of the slower levels on Korean text.
const LEVEL: i32 = 1;
/// What is read back, decompressed, at most: a damaged length must not exhaust the memory.
const LIMIT: u64 = 64 * 1024 * 1024;

/// A document ready to be stored under its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Encoded {
    /// SHA-256 of the JSON, not of the compressed bytes: those change with the library.
    pub(crate) hash: [u8; 32],
    /// Compressed JSON.
    pub(crate) body: Vec<u8>,
}

/// Compressed JSON of a value.
pub(crate) fn encode(value: &impl Serialize) -> Result<Vec<u8>, DbError> {
    let json = serde_json::to_vec(value).map_err(DbError::data)?;
    zstd::bulk::compress(&json, LEVEL).map_err(DbError::data)
}

/// Compressed JSON and its content address. `None` in place of the document where `is_new` says that
/// it need not be stored: compressing is most of the work.
pub(crate) fn encode_document(
    value: &impl Serialize,
    is_new: impl FnOnce(&[u8; 32]) -> bool,
) -> Result<([u8; 32], Option<Encoded>), DbError> {
    let json = serde_json::to_vec(value).map_err(DbError::data)?;
    let hash = Sha256::digest(&json).into();
    if !is_new(&hash) {
        return Ok((hash, None));
    }
    let body = zstd::bulk::compress(&json, LEVEL).map_err(DbError::data)?;
    Ok((hash, Some(Encoded { hash, body })))
}

/// The value behind [`encode`] or [`encode_document`].
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DbError> {
    let size = zstd_safe::get_frame_content_size(bytes)
        .ok()
        .flatten()
        .filter(|size| *size <= LIMIT)
        .and_then(|size| usize::try_from(size).ok())
        .ok_or_else(|| DbError::data("stored content is damaged: no plausible length"))?;
    let json = zstd::bulk::decompress(bytes, size).map_err(DbError::data)?;
    serde_json::from_slice(&json).map_err(DbError::data)
}

#[cfg(test)]
mod tests {
    use super::{decode, encode, encode_document};

    #[test]
    fn gives_back_what_it_took() {
        let value = vec!["해열".to_owned(), String::new(), "a\u{0}b".to_owned()];
        assert_eq!(
            decode::<Vec<String>>(&encode(&value).unwrap()).unwrap(),
            value
        );
        let (hash, document) = encode_document(&value, |_| true).unwrap();
        assert_eq!(
            decode::<Vec<String>>(&document.unwrap().body).unwrap(),
            value
        );
        assert_eq!(encode_document(&value, |_| false).unwrap(), (hash, None));
    }

    #[test]
    fn damaged_content_is_an_error() {
        let bytes = encode(&"해열.진통.소염제".repeat(50)).unwrap();
        assert!(decode::<String>(&[]).is_err());
        assert!(decode::<String>(b"not compressed at all").is_err());
        for cut in 0..bytes.len() {
            assert!(
                decode::<String>(bytes.get(..cut).unwrap()).is_err(),
                "{cut}"
            );
        }
    }
}
