//! Finding things by what people type.
//!
//! | module | what it does | cost of a query |
//! |---|---|---|
//! | [`query`] | takes a query apart, and reads it in the other keyboard layout | O(query) |
//! | [`texts`] | exact, prefix, contains, half-typed, 초성 | O(log borders + found) |
//! | [`cores`] | brand with strength or form; one slip | O(log cores + candidates) |
//! | [`words`] | words in any order, of the name and of what stands beside it | O(found by any word) |
//! | [`field`] | which of these, in which order; owners of texts | O(found) |
//! | [`hits`] | the best rank of each owner; pages | O(found), page · log page |
//! | [`marks`] | what of a text was matched | O(text), for shown hits only |
//!
//! The algorithms on single texts are [`domain::hangul`]'s. A better rank never gives way to a
//! worse one, and nothing is allocated for a candidate.

mod cores;
mod field;
mod hits;
mod marks;
mod query;
mod rank;
#[cfg(test)]
mod tests;
mod texts;
mod words;

pub(crate) use field::{FieldIndex, FieldIndexBuilder, Found, Owners};
pub(crate) use hits::{Hits, Window};
pub(crate) use marks::{matched, understood};
pub(crate) use query::{Query, Reading};
pub(crate) use rank::{MatchClass, Rank};

/// An index into a list of the snapshot. 43,000 products fit by far; what doesn't fit is not indexed.
pub(crate) fn index_of(position: u32) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
