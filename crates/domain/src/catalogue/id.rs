//! Identities that outlive every synchronisation.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is 1 to 18 decimal digits without a leading zero, for example 195500005")]
pub struct IdError;

macro_rules! numeric_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// An id of a positive number of at most 18 digits.
            ///
            /// # Errors
            /// [`IdError`] for zero, a negative or a longer number.
            pub const fn new(value: i64) -> Result<Self, IdError> {
                if value > 0 && value < 1_000_000_000_000_000_000 { Ok(Self(value)) } else { Err(IdError) }
            }

            /// The number, as it is stored.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let plain = !text.is_empty()
                    && text.len() <= 18
                    && !text.starts_with('0')
                    && text.bytes().all(|byte| byte.is_ascii_digit());
                if !plain {
                    return Err(IdError);
                }
                text.parse().map_err(|_| IdError).and_then(Self::new)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

numeric_id! {
    /// A medicine: MFDS's `ITEM_SEQ` (품목기준코드), which the ministry never gives to another product.
    MedicineId
}
numeric_id! {
    /// An ingredient, active or additive, in one permanent id space keyed by canonical name.
    IngredientId
}

#[cfg(test)]
mod tests {
    use super::MedicineId;

    #[test]
    fn takes_item_seq_only() {
        assert_eq!(
            "195500005".parse::<MedicineId>().map(MedicineId::get),
            Ok(195_500_005)
        );
        for bad in [
            "",
            "0",
            "01",
            "-1",
            "+1",
            "1 ",
            "1a",
            "１",
            "1234567890123456789",
        ] {
            assert!(bad.parse::<MedicineId>().is_err(), "{bad:?}");
        }
    }
}
