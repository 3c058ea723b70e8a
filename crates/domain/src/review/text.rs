//! What may be written in a review or a report, and what is found in it.

use std::fmt;
use std::str::FromStr;

use unicode_normalization::UnicodeNormalization;

use crate::chat::text::{TextError, is_unseen, written};

/// Fewest characters of a review: less says nothing that a rating doesn't.
const SHORTEST: usize = 10;
/// Most characters of a review.
const LONGEST: usize = 1_000;
/// Most characters of what is said with a report.
const LONGEST_DETAIL: usize = 500;
/// Most characters of a keyword (api.md, "Conventions").
const LONGEST_KEYWORD: usize = 100;
/// Marks the characters of a `LIKE` that mean themselves.
const ESCAPE: char = '!';

/// A review: 10 to 1,000 characters in NFC, as [`written`] brings them into form.
#[derive(Clone, PartialEq, Eq)]
pub struct ReviewText(String);

/// Why a text is no review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReviewTextError {
    /// Fewer than 10 characters that are seen.
    #[error("a review has at least 10 characters")]
    Short,
    /// Too long, or with control characters.
    #[error(transparent)]
    Text(#[from] TextError),
}

impl ReviewText {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What [`Keyword::pattern`] is looked for in: stored beside the text, since the two databases
    /// fold letters differently.
    #[must_use]
    pub fn folded(&self) -> String {
        folded(&self.0)
    }
}

impl FromStr for ReviewText {
    type Err = ReviewTextError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let text = match written(raw, LONGEST) {
            Err(TextError::Empty) => return Err(ReviewTextError::Short),
            other => other?,
        };
        // What nobody sees is no statement: ten line breaks between two letters aren't a review.
        if text
            .chars()
            .filter(|&c| !c.is_whitespace() && !is_unseen(c))
            .nth(SHORTEST - 1)
            .is_none()
        {
            return Err(ReviewTextError::Short);
        }
        Ok(Self(text))
    }
}

impl fmt::Debug for ReviewText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReviewText(…)")
    }
}

/// What somebody says with a report: at most 500 characters.
#[derive(Clone, PartialEq, Eq)]
pub struct ReportDetail(String);

impl ReportDetail {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ReportDetail {
    type Err = TextError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        written(raw, LONGEST_DETAIL).map(Self)
    }
}

impl fmt::Debug for ReportDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReportDetail(…)")
    }
}

/// From 1 (poor) to 5 (good).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rating(u8);

/// Why a number is no rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a rating is a whole number from 1 to 5")]
pub struct RatingError;

impl Rating {
    /// The number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The mean of `count` ratings that are `sum` together, in tenths, half a tenth rounded up; nothing
    /// of no ratings.
    #[must_use]
    pub fn mean_in_tenths(sum: u64, count: u64) -> Option<u64> {
        let doubled = sum.checked_mul(20)?.checked_add(count)?;
        doubled.checked_div(count.checked_mul(2)?)
    }
}

impl TryFrom<i64> for Rating {
    type Error = RatingError;

    fn try_from(number: i64) -> Result<Self, Self::Error> {
        match u8::try_from(number) {
            Ok(number @ 1..=5) => Ok(Self(number)),
            _ => Err(RatingError),
        }
    }
}

/// What is looked for in reviews: at most 100 characters, found anywhere within a text, in either
/// case.
#[derive(Clone, PartialEq, Eq)]
pub struct Keyword(String);

/// Why a text can't be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a keyword has at most 100 characters, none of them a control character")]
pub struct KeywordError;

impl Keyword {
    /// Reads what a reader typed; nothing for white space only, which filters nothing.
    ///
    /// # Errors
    /// When it is longer, or holds control characters.
    pub fn parse(raw: &str) -> Result<Option<Self>, KeywordError> {
        match written(raw, LONGEST_KEYWORD) {
            Ok(text) => Ok(Some(Self(folded(&text)))),
            Err(TextError::Empty) => Ok(None),
            Err(TextError::Long(_) | TextError::Control | TextError::Link) => Err(KeywordError),
        }
    }

    /// For `LIKE … ESCAPE '!'` over [`ReviewText::folded`].
    #[must_use]
    pub fn pattern(&self) -> String {
        let mut pattern = String::from("%");
        for c in self.0.chars() {
            if matches!(c, '%' | '_' | ESCAPE) {
                pattern.push(ESCAPE);
            }
            pattern.push(c);
        }
        pattern.push('%');
        pattern
    }
}

/// What somebody looks for may tell of his health.
impl fmt::Debug for Keyword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyword(…)")
    }
}

/// To lower case, and to NFC again: lower case can take a letter apart (`İ`).
fn folded(text: &str) -> String {
    text.to_lowercase().nfc().collect()
}
