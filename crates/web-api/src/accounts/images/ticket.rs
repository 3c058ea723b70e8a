//! The signature in the address of an upload to this server: over everything that was permitted, so
//! that it is good for nothing else.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use subtle::ConstantTimeEq as _;

use crate::accounts::keys::{BlindIndex, What};
use crate::accounts::store::images::uploads::Upload;

/// Makes it.
pub(crate) fn sign(key: &BlindIndex, upload: &Upload) -> String {
    Base64UrlUnpadded::encode_string(&mac(key, upload))
}

/// Whether `signature` is the one, in the same time whatever it is.
pub(crate) fn is_right(key: &BlindIndex, upload: &Upload, signature: &str) -> bool {
    let mut given = [0; 32];
    let decoded = Base64UrlUnpadded::decode(signature, &mut given);
    let whole = decoded.is_ok_and(|bytes| bytes.len() == 32);
    let right: bool = mac(key, upload).ct_eq(&given).into();
    whole && right
}

fn mac(key: &BlindIndex, upload: &Upload) -> [u8; 32] {
    // No part holds a line's end.
    let text = format!(
        "{}\n{}\n{}\n{}\n{}",
        upload.id,
        upload.owner.as_str(),
        upload.content_type,
        upload.size,
        upload.expires_at.timestamp_micros()
    );
    key.of(What::ImageUpload(&text))
}
