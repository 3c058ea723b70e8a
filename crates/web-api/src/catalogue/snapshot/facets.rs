//! What products are filtered by and counted over, as numbers.
//!
//! Each different value of a facet is a number, in the order of the values, and each product has
//! one number a facet. Filtering compares numbers, and counting adds up in an array that is as long
//! as there are values: no text is hashed or compared for a hit. Memory: four bytes a product and
//! facet.

use std::collections::BTreeMap;

use domain::catalogue::Dispensing;

use super::Record;
use crate::search::index_of;

/// Of a product that has no value.
const NONE: u32 = u32::MAX;

/// The facets of all products.
#[derive(Debug)]
pub(crate) struct FacetColumns {
    /// How it may be sold, in the two groups that people know.
    pub(crate) class: FacetColumn,
    /// Name of the therapeutic type.
    pub(crate) r#type: FacetColumn,
    /// Maker or importer.
    pub(crate) maker: FacetColumn,
}

/// One facet of all products.
#[derive(Debug)]
pub(crate) struct FacetColumn {
    /// Sorted.
    values: Box<[Box<str>]>,
    /// By position.
    codes: Box<[u32]>,
}

impl FacetColumns {
    /// The facets of products in the order of their positions.
    pub(super) fn build(records: &[Record]) -> Self {
        let column = |value: fn(&Record) -> Option<&str>| FacetColumn::new(records, value);
        Self {
            class: column(|record| group(record.dispensing)),
            r#type: column(|record| Some(record.class.as_deref()?.name.as_str())),
            maker: column(|record| Some(&record.maker)),
        }
    }
}

/// The word of the contract for the group that a product is sold in.
const fn group(dispensing: Dispensing) -> Option<&'static str> {
    match dispensing {
        Dispensing::Otc | Dispensing::OtcConvenience => Some("otc"),
        Dispensing::Prescription | Dispensing::PrescriptionOrphan => Some("prescription"),
        Dispensing::Unknown => None,
    }
}

impl FacetColumn {
    fn new(records: &[Record], value: fn(&Record) -> Option<&str>) -> Self {
        let mut numbers: BTreeMap<&str, u32> = records
            .iter()
            .filter_map(value)
            .map(|one| (one, 0))
            .collect();
        numbers
            .values_mut()
            .zip(0..)
            .for_each(|(at, next)| *at = next);
        let code = |record| value(record).and_then(|one| numbers.get(one).copied());
        Self {
            codes: records
                .iter()
                .map(|one| code(one).unwrap_or(NONE))
                .collect(),
            values: numbers.keys().map(|&one| one.into()).collect(),
        }
    }

    /// All values, by number.
    pub(crate) fn values(&self) -> &[Box<str>] {
        &self.values
    }

    /// The number of the product's value; past every number where it has none.
    pub(crate) fn code(&self, position: u32) -> usize {
        let code = self.codes.get(index_of(position));
        index_of(code.copied().unwrap_or(NONE))
    }
}
