//! The ways in which a text can answer a query, one a file.

mod literal;

pub(crate) use literal::Literal;

use super::TextTable;

/// How a text was found. The order is the order of the answer: a smaller class comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub(crate) enum MatchClass {
    /// The whole text.
    Exact,
    /// The beginning of the text.
    Prefix,
    /// Anywhere in the text.
    Contains,
}

impl MatchClass {
    /// All of them, best first.
    pub(crate) const ALL: [Self; 3] = [Self::Exact, Self::Prefix, Self::Contains];
}

/// Finds texts of a table.
pub(crate) trait Matcher {
    /// Calls `found` with each text that answers, and how.
    fn find(&self, texts: &TextTable, found: &mut dyn FnMut(u32, MatchClass));
}
