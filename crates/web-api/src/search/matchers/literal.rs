//! The text as it was typed: exact, at the beginning, anywhere. One pass gives all three.

use super::{MatchClass, Matcher};
use crate::search::TextTable;

/// Looks for the very text.
#[derive(Debug)]
pub(crate) struct Literal<'q> {
    needle: &'q str,
}

impl<'q> Literal<'q> {
    /// `needle` must be normalised; an empty one finds nothing.
    pub(crate) fn new(needle: &'q str) -> Self {
        Self { needle }
    }
}

impl Matcher for Literal<'_> {
    fn find(&self, texts: &TextTable, found: &mut dyn FnMut(u32, MatchClass)) {
        if self.needle.is_empty() {
            return;
        }
        for hit in texts.occurrences(self.needle) {
            let class = match (hit.whole, hit.at_start) {
                (true, _) => MatchClass::Exact,
                (false, true) => MatchClass::Prefix,
                (false, false) => MatchClass::Contains,
            };
            found(hit.text, class);
        }
    }
}
