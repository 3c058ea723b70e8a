//! A catalogue in words.

use serde::{Deserialize, Serialize};

use super::{
    super::{operation::Operation, wire::Change},
    Catalogue,
};

/// A change to a field of one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldEdit {
    /// The operation whose row changes.
    pub operation: Operation,
    /// The product.
    pub item_seq: String,
    /// The field's name on the wire.
    pub field: String,
    /// What it becomes.
    pub change: Change,
}

/// A catalogue in words: for the command line and the control endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CatalogueSpec {
    /// Whether the sample of real products comes first.
    pub sample: bool,
    /// Fill up to this many products with generated ones, at most [`CatalogueSpec::MAX_ITEMS`].
    pub items: u32,
    /// The seed of the generated ones.
    pub seed: u64,
    /// Adds a record without a name, which a careful reader rejects.
    pub rejected_record: bool,
    /// Products that are left out.
    pub without: Vec<String>,
    /// Fields that are changed.
    pub edits: Vec<FieldEdit>,
}

impl CatalogueSpec {
    /// More products than this are not generated: the real list has about 43,000.
    pub const MAX_ITEMS: u32 = 1_000_000;
}

impl Default for CatalogueSpec {
    fn default() -> Self {
        Self {
            sample: true,
            items: 0,
            seed: 1,
            rejected_record: false,
            without: Vec::new(),
            edits: Vec::new(),
        }
    }
}

impl Catalogue {
    /// The catalogue that `spec` describes.
    #[must_use]
    pub fn from_spec(spec: &CatalogueSpec) -> Self {
        let mut catalogue = if spec.sample {
            Self::sample()
        } else {
            Self::empty()
        };
        let present = u32::try_from(catalogue.total(Operation::PermitDetail)).unwrap_or(u32::MAX);
        let missing = spec
            .items
            .min(CatalogueSpec::MAX_ITEMS)
            .saturating_sub(present);
        if missing > 0 {
            catalogue = catalogue.and(&Self::generated(missing, spec.seed));
        }
        if spec.rejected_record {
            catalogue = catalogue.with_rejected_record();
        }
        catalogue = catalogue.without(&spec.without);
        for edit in &spec.edits {
            catalogue = catalogue.edited(edit.clone());
        }
        catalogue
    }
}
