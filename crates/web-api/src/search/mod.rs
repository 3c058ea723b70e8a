//! Finding things by what people type.
//!
//! Texts are normalised once ([`normalise()`]) and lie in one buffer a field ([`TextTable`]); each
//! matcher is a file of its own in [`matchers`] and marks owners with a [`MatchClass`]. A better
//! class never gives way to a worse one.

mod field;
mod hits;
pub(crate) mod matchers;
mod normalise;
mod table;

pub(crate) use field::{FieldIndex, FieldIndexBuilder};
pub(crate) use hits::{Hits, Window};
pub(crate) use matchers::MatchClass;
pub(crate) use normalise::normalise;
pub(crate) use table::TextTable;

/// An index into a list of the snapshot. 43,000 products fit by far; what doesn't fit is not indexed.
pub(crate) fn index_of(position: u32) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
