//! The texts of one field and who owns them.

use std::collections::HashMap;

use super::{Hits, MatchClass, TextTable, index_of, matchers::Matcher, normalise};

/// What can be searched in one field: each different text once, with its owners.
#[derive(Debug)]
pub(crate) struct FieldIndex {
    texts: TextTable,
    /// Where the owners of each text begin in `owners`; one more entry than texts.
    starts: Box<[u32]>,
    owners: Box<[u32]>,
}

impl FieldIndex {
    /// Marks the owners of each text that `matcher` finds.
    pub(crate) fn search(&self, matcher: &dyn Matcher, hits: &mut Hits) {
        matcher.find(&self.texts, &mut |text, class: MatchClass| {
            for &owner in self.owners_of(text) {
                hits.mark(owner, class);
            }
        });
    }

    fn owners_of(&self, text: u32) -> &[u32] {
        let text = index_of(text);
        match (self.starts.get(text), self.starts.get(text + 1)) {
            (Some(&from), Some(&to)) => self
                .owners
                .get(index_of(from)..index_of(to))
                .unwrap_or_default(),
            _ => &[],
        }
    }
}

/// Collects texts and owners in any order.
#[derive(Debug, Default)]
pub(crate) struct FieldIndexBuilder {
    numbers: HashMap<Box<str>, usize>,
    owners: Vec<Vec<u32>>,
}

impl FieldIndexBuilder {
    /// Makes `owner` findable by `text`. A text of which nothing is left is not added.
    pub(crate) fn add(&mut self, text: &str, owner: u32) {
        let text = normalise(text);
        if text.is_empty() {
            return;
        }
        let next = self.owners.len();
        let number = *self.numbers.entry(text.into()).or_insert(next);
        if number == next {
            self.owners.push(Vec::new());
        }
        if let Some(owners) = self.owners.get_mut(number)
            && owners.last() != Some(&owner)
        {
            owners.push(owner);
        }
    }

    /// The finished index.
    pub(crate) fn build(self) -> FieldIndex {
        let mut texts = vec![""; self.owners.len()];
        for (text, &number) in &self.numbers {
            if let Some(slot) = texts.get_mut(number) {
                *slot = text;
            }
        }
        let mut starts = vec![0];
        let mut owners = Vec::new();
        for list in &self.owners {
            owners.extend_from_slice(list);
            starts.push(u32::try_from(owners.len()).unwrap_or(u32::MAX));
        }
        FieldIndex {
            texts: TextTable::new(texts.into_iter()),
            starts: starts.into(),
            owners: owners.into(),
        }
    }
}
