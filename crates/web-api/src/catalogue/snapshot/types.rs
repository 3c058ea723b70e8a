//! Therapeutic types and how many products they have.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::catalogue::TherapeuticClass;

use super::Record;

/// A therapeutic type.
#[derive(Debug)]
pub(crate) struct TypeCount {
    pub(crate) class: Arc<TherapeuticClass>,
    /// Products for sale.
    pub(crate) count: usize,
}

/// The types of products for sale, by code, then name.
#[expect(single_use_lifetimes, reason = "the short form of it is not stable")]
pub(super) fn count<'r>(records: impl Iterator<Item = &'r Record>) -> Box<[TypeCount]> {
    let mut types = BTreeMap::new();
    for class in records.filter_map(|record| record.class.as_ref()) {
        let key = (class.code.as_deref(), class.name.as_str());
        types.entry(key).or_insert((class, 0_usize)).1 += 1;
    }
    types
        .into_values()
        .map(|(class, count)| TypeCount {
            class: Arc::clone(class),
            count,
        })
        .collect()
}
