//! From medicines of the store to a snapshot.

use std::collections::HashMap;
use std::sync::Arc;

use domain::catalogue::{Medicine, TherapeuticClass};

use super::intern::Interner;
use super::{FacetColumns, Fields, Ingredients, Record, SafetyIndex, Snapshot, types};
use crate::catalogue::store::{IngredientRow, Pointer};
use crate::search::index_of;

/// Takes medicines one by one, so that only their compact form stays in memory.
#[derive(Debug, Default)]
pub(crate) struct SnapshotBuilder {
    records: Vec<Record>,
    interner: Interner,
    classes: HashMap<TherapeuticClass, Arc<TherapeuticClass>>,
}

impl SnapshotBuilder {
    /// A builder for so many medicines: a list that grows would leave half its memory behind.
    pub(crate) fn with_capacity(medicines: usize) -> Self {
        Self {
            records: Vec::with_capacity(medicines),
            ..Self::default()
        }
    }

    /// Adds one medicine.
    pub(crate) fn add(&mut self, mut medicine: Medicine) {
        let class = medicine.class.take().map(|class| self.share(class));
        let record = Record::pack(medicine, class, &mut self.interner);
        self.records.push(record);
    }

    fn share(&mut self, class: TherapeuticClass) -> Arc<TherapeuticClass> {
        let key = class.clone();
        let shared = self.classes.entry(key);
        Arc::clone(shared.or_insert_with(|| Arc::new(class)))
    }

    /// The snapshot of what was added.
    pub(crate) fn build(self, pointer: Pointer, ingredients: Vec<IngredientRow>) -> Snapshot {
        let mut records = self.records;
        // What is shared is known by now, and the indexes can have the memory.
        drop((self.interner, self.classes));
        records.sort_unstable_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        let mut positions: Vec<_> = records
            .iter()
            .map(|record| record.id)
            .zip(0_u32..)
            .collect();
        positions.sort_unstable();
        let listed: Vec<u32> = (0..)
            .zip(&records)
            .filter(|(_, record)| record.cancellation.is_valid())
            .map(|(position, _)| position)
            .collect();
        let of_listed = || {
            listed
                .iter()
                .filter_map(|&at| Some((at, records.get(index_of(at))?)))
        };
        let types = types::count(of_listed().map(|(_, record)| record));
        let withdrawn = records.iter().filter(|one| !one.cancellation.is_valid());
        let fields = Fields::build(&of_listed, withdrawn);
        let ingredients = Ingredients::build(ingredients, of_listed());
        let safety = SafetyIndex::build(&ingredients, &records);
        Snapshot {
            pointer,
            positions: positions.into(),
            listed: listed.into(),
            types,
            fields,
            facets: FacetColumns::build(&records),
            ingredients,
            safety,
            records: records.into(),
        }
    }
}
