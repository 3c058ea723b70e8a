//! Which hits the filters leave, and how many have which value.

use std::cmp::Reverse;

use crate::catalogue::answers::{FacetCount, Facets, SaleClass};
use crate::catalogue::snapshot::{FacetColumn, Snapshot};
use crate::search::Hits;

/// Values of one facet, at most.
const MAX_VALUES: usize = 20;

/// What can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Facet {
    /// OTC or prescription.
    Class,
    /// Therapeutic type.
    Type,
    /// Maker.
    Maker,
}

/// What hits must have; nothing of a facet that isn't asked for.
#[derive(Debug, Default)]
pub(crate) struct Filters {
    /// OTC or prescription.
    pub(crate) class: Option<SaleClass>,
    /// Name of a therapeutic type, or one of its parts.
    pub(crate) r#type: Option<String>,
    /// Name of a maker.
    pub(crate) maker: Option<String>,
}

/// One facet in one search.
struct Column<'s> {
    facet: Facet,
    column: &'s FacetColumn,
    /// Which values pass, by number; all where nothing is filtered.
    passing: Option<Vec<bool>>,
    /// Hits by the number of their value, where counts were asked for.
    counts: Option<Vec<usize>>,
}

/// Takes back the hits that the filters refuse and counts what was asked for; no counts where
/// nothing was asked for. A filter doesn't narrow the counts of its own facet, so that they say what
/// another choice would find. O(hits + values).
pub(super) fn filter(
    snapshot: &Snapshot,
    hits: &mut Hits,
    filters: &Filters,
    asked: &[Facet],
) -> Option<Facets> {
    let mut columns = [Facet::Class, Facet::Type, Facet::Maker]
        .map(|facet| Column::new(snapshot, facet, filters, asked));
    if columns.iter().all(Column::is_idle) {
        return None;
    }
    hits.retain(|position| {
        // Each facet but one may be refused by nobody but itself, to be counted.
        let codes = columns.each_ref().map(|one| one.column.code(position));
        let refused = columns
            .iter()
            .zip(&codes)
            .filter(|(one, code)| !one.passes(**code));
        let (mut refusals, mut last) = (0, None);
        for (one, _) in refused {
            refusals += 1;
            last = Some(one.facet);
        }
        for (one, &code) in columns.iter_mut().zip(&codes) {
            if refusals == 0 || refusals == 1 && last == Some(one.facet) {
                one.count(code);
            }
        }
        refusals == 0
    });
    if asked.is_empty() {
        return None;
    }
    let [class, r#type, maker] = columns.map(Column::most);
    Some(Facets {
        class,
        r#type,
        maker,
    })
}

impl<'s> Column<'s> {
    fn new(snapshot: &'s Snapshot, facet: Facet, filters: &Filters, asked: &[Facet]) -> Self {
        let facets = snapshot.facets();
        let column = match facet {
            Facet::Class => &facets.class,
            Facet::Type => &facets.r#type,
            Facet::Maker => &facets.maker,
        };
        let equal = |wanted: &str| column.values().iter().map(|one| **one == *wanted).collect();
        let passing = match facet {
            Facet::Class => filters.class.map(|class| equal(class.word())),
            Facet::Type => filters.r#type.as_deref().map(|wanted| {
                let names = types_of(snapshot, wanted);
                let values = column.values().iter();
                values.map(|value| names.contains(&&**value)).collect()
            }),
            Facet::Maker => filters.maker.as_deref().map(equal),
        };
        let counts = asked
            .contains(&facet)
            .then(|| vec![0; column.values().len()]);
        Self {
            facet,
            column,
            passing,
            counts,
        }
    }

    /// Neither filtered nor counted.
    fn is_idle(&self) -> bool {
        self.passing.is_none() && self.counts.is_none()
    }

    fn passes(&self, code: usize) -> bool {
        let passing = self.passing.as_ref();
        passing.is_none_or(|passing| passing.get(code).copied().unwrap_or(false))
    }

    fn count(&mut self, code: usize) {
        if let Some(count) = self.counts.as_mut().and_then(|counts| counts.get_mut(code)) {
            *count += 1;
        }
    }

    /// The values that most hits have.
    fn most(self) -> Option<Vec<FacetCount>> {
        let values = self.column.values().iter().map(|value| &**value);
        let counts = self.counts?.into_iter().zip(values);
        let mut counts: Vec<_> = counts.filter(|&(count, _)| count > 0).collect();
        // Stable, and values are sorted: equal counts stay in the order of values.
        counts.sort_by_key(|&(count, _)| Reverse(count));
        counts.truncate(MAX_VALUES);
        let count = |(count, value): (usize, &str)| FacetCount {
            value: value.to_string(),
            count,
        };
        Some(counts.into_iter().map(count).collect())
    }
}

/// The types of that name, or with such a part (`진통` of `해열.진통.소염제`).
fn types_of<'s>(snapshot: &'s Snapshot, wanted: &str) -> Vec<&'s str> {
    let types = snapshot.types().iter().map(|one| &one.class);
    types
        .filter(|one| one.name == wanted || one.parts.iter().any(|part| part == wanted))
        .map(|one| one.name.as_str())
        .collect()
}
