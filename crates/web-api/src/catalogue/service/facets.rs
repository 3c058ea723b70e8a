//! How many hits have which value.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::catalogue::answers::{FacetCount, Facets, SaleClass};
use crate::catalogue::snapshot::{Record, Snapshot};
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

/// Counts over all hits; nothing where nothing was asked for.
pub(super) fn count(snapshot: &Snapshot, hits: &Hits, facets: &[Facet]) -> Option<Facets> {
    if facets.is_empty() {
        return None;
    }
    let of = |facet| {
        facets
            .contains(&facet)
            .then(|| values(snapshot, hits, |record| value(record, facet)))
    };
    Some(Facets {
        class: of(Facet::Class),
        r#type: of(Facet::Type),
        maker: of(Facet::Maker),
    })
}

fn value(record: &Record, facet: Facet) -> Option<&str> {
    match facet {
        Facet::Class => SaleClass::of(record.dispensing).map(SaleClass::word),
        Facet::Type => record.class.as_deref().map(|class| class.name.as_str()),
        Facet::Maker => Some(&record.maker),
    }
}

fn values<'s>(
    snapshot: &'s Snapshot,
    hits: &Hits,
    value: impl Fn(&'s Record) -> Option<&'s str>,
) -> Vec<FacetCount> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for record in hits.iter().filter_map(|position| snapshot.at(position)) {
        if let Some(value) = value(record) {
            *counts.entry(value).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_unstable_by_key(|&(value, count)| (Reverse(count), value));
    counts.truncate(MAX_VALUES);
    counts
        .into_iter()
        .map(|(value, count)| FacetCount {
            value: value.to_owned(),
            count,
        })
        .collect()
}
