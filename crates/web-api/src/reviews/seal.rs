//! The text of a review that is its author's alone.

use domain::review::ReviewText;
use zeroize::Zeroizing;

use super::store::{Said, Stored};
use crate::accounts::keys::{Sealer, UnsealError};
use crate::db::DbError;

/// Texts are filled up to a multiple of this, in bytes: else their length would say something of them.
const STEP: usize = 1_024;

/// Seals a text for the review of this id: under another it can't be opened.
pub(super) fn sealed(sealer: &Sealer, id: &str, text: &ReviewText) -> Result<Vec<u8>, UnsealError> {
    let text = text.as_str();
    let length = text.len().next_multiple_of(STEP);
    let mut filled = Zeroizing::new(String::with_capacity(length));
    filled.push_str(text);
    filled.extend(std::iter::repeat_n(' ', length - text.len()));
    sealer.seal(&place(id), &filled)
}

/// The text of a review, public or sealed: for its author.
///
/// # Errors
/// Where the seal can't be opened.
pub(crate) fn opened(sealer: &Sealer, review: &Stored) -> Result<String, DbError> {
    match &review.said {
        Said::Publicly(text) => Ok(text.clone()),
        Said::Privately(sealed) => {
            let text = sealer.open(&place(&review.id), sealed);
            let text = text.map_err(DbError::data)?;
            // A text has no white space at its end (`ReviewText`).
            Ok(text.trim_end().to_owned())
        }
    }
}

/// The text of a public review: for everybody. Nothing is opened for those whom it isn't for.
///
/// # Errors
/// Where it is private: then a list has it that it doesn't belong to.
pub(super) fn public(review: &Stored) -> Result<String, DbError> {
    match &review.said {
        Said::Publicly(text) => Ok(text.clone()),
        Said::Privately(_) => Err(DbError::data("a private review is on a list of others")),
    }
}

fn place(id: &str) -> String {
    format!("reviews.sealed:{id}")
}

#[cfg(test)]
mod tests {
    use domain::review::ReviewText;

    use super::sealed;
    use crate::accounts::keys::{Key32, Sealer};

    #[test]
    fn the_longest_text_fits_into_its_column_and_lengths_tell_nothing() {
        let sealer = Sealer::new(&Key32::new([7; 32]), &[]);
        let seal = |text: &str| {
            let text: ReviewText = text.parse().unwrap();
            sealed(&sealer, "a", &text).unwrap().len()
        };
        assert_eq!(seal("가나다라마바사아자차"), seal(&"가".repeat(300)));
        assert!(seal(&"\u{1f48a}".repeat(1_000)) <= 6_000);
    }
}
