//! A query, and what it was taken for.

use std::ops::Range;

use crate::catalogue::CatalogueError;
use crate::catalogue::answers::Span;
use crate::catalogue::snapshot::{Field, Ingredients, Snapshot};
use crate::search::{Found, Hits, MatchClass, Owners, Query, Reading, matched, understood};

/// A query that was answered.
#[derive(Debug)]
pub(super) struct Understanding {
    query: Query,
    /// The query in the other keyboard layout, where that found something.
    reading: Option<Reading>,
}

impl Understanding {
    /// Looks for medicines. A query that names an ingredient finds loosely only what holds it.
    pub(super) fn medicines(
        snapshot: &Snapshot,
        by: Field,
        text: &str,
    ) -> Result<(Hits, Self), CatalogueError> {
        let query = Query::new(text).ok_or(CatalogueError::NothingToSearch)?;
        let agrees = |position: u32, ingredient: &[u8]| {
            let record = snapshot.at(position);
            record.is_some_and(|record| record.holds(ingredient))
        };
        let fields = snapshot.fields();
        let whose = Owners {
            count: snapshot.len(),
            agrees: &agrees,
            beside: &fields.beside(by),
            ingredients: &snapshot.ingredient_names(by),
        };
        let found = fields.of(by).search(text, &query, &whose);
        Ok(Self::of(query, found))
    }

    /// Looks for ingredients.
    pub(super) fn ingredients(
        ingredients: &Ingredients,
        text: &str,
    ) -> Result<(Hits, Self), CatalogueError> {
        let query = Query::new(text).ok_or(CatalogueError::NothingToSearch)?;
        let whose = Owners {
            count: ingredients.len(),
            agrees: &|_, _| false,
            beside: &[],
            ingredients: &[],
        };
        let found = ingredients.names().search(text, &query, &whose);
        Ok(Self::of(query, found))
    }

    fn of(query: Query, found: Found) -> (Hits, Self) {
        let understanding = Self {
            query,
            reading: found.reading,
        };
        (found.hits, understanding)
    }

    /// What the query was taken for in a hit of `class` that has these `texts`; nothing where it was
    /// taken as typed.
    pub(super) fn understood_as<'t>(
        &self,
        class: MatchClass,
        texts: impl Fn() -> Vec<&'t str>,
    ) -> Option<String> {
        match class {
            MatchClass::Layout => Some(self.reading.as_ref()?.text.clone()),
            MatchClass::Fuzzy => texts()
                .into_iter()
                .find_map(|text| understood(text, self.query_of(class))),
            _ => None,
        }
    }

    /// Which parts of a name were matched in a hit of `class`, or else of its English name.
    pub(super) fn marks(
        &self,
        class: MatchClass,
        name: &str,
        english: Option<&str>,
    ) -> (Vec<Span>, Vec<Span>) {
        let matched = self.matched(class, name);
        if !matched.is_empty() {
            return (Span::all(name, &matched), Vec::new());
        }
        let english = english.unwrap_or_default();
        (
            Vec::new(),
            Span::all(english, &self.matched(class, english)),
        )
    }

    fn matched(&self, class: MatchClass, text: &str) -> Vec<Range<usize>> {
        matched(text, self.query_of(class), class)
    }

    /// What hits of a class answer. Those of a slip answer the other layout only where there was
    /// nothing else.
    fn query_of(&self, class: MatchClass) -> &Query {
        let reading = self.reading.as_ref().map(|one| &one.query);
        match class {
            MatchClass::Layout | MatchClass::Fuzzy => reading.unwrap_or(&self.query),
            _ => &self.query,
        }
    }
}
