//! The catalogue in memory: built once a generation, never changed, read by everybody.

mod builder;
mod facets;
mod fields;
mod ingredients;
mod intern;
mod popularity;
mod record;
mod safety;
mod types;

use domain::catalogue::MedicineId;

pub(crate) use builder::SnapshotBuilder;
pub(crate) use facets::{FacetColumn, FacetColumns};
pub(crate) use fields::{Field, Fields};
pub(crate) use ingredients::{Ingredient, Ingredients, Resolved, Role};
pub(crate) use popularity::Popularity;
pub(crate) use record::{PillLook, PillTexts, Record};
pub(crate) use safety::{Kind, SafetyIndex};
pub(crate) use types::TypeCount;

use super::store::Pointer;
use crate::search::{FieldIndex, index_of};

/// One generation of the catalogue. A position is the place of a product in the order of names.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pointer: Pointer,
    /// By name, then id.
    records: Box<[Record]>,
    /// By id.
    positions: Box<[(MedicineId, u32)]>,
    /// Positions of products for sale.
    listed: Box<[u32]>,
    types: Box<[TypeCount]>,
    fields: Fields,
    facets: FacetColumns,
    ingredients: Ingredients,
    safety: SafetyIndex,
}

impl Snapshot {
    /// What the database said when the generation was read.
    pub(crate) fn pointer(&self) -> Pointer {
        self.pointer
    }

    /// How many products there are, the withdrawn ones included.
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// Positions of products for sale, in the order of names: what a search can find.
    pub(crate) fn listed(&self) -> &[u32] {
        &self.listed
    }

    /// The product at a position.
    pub(crate) fn at(&self, position: u32) -> Option<&Record> {
        self.records.get(index_of(position))
    }

    /// The position of a product.
    pub(crate) fn position(&self, id: MedicineId) -> Option<u32> {
        let at = self
            .positions
            .binary_search_by_key(&id, |&(id, _)| id)
            .ok()?;
        self.positions.get(at).map(|&(_, position)| position)
    }

    /// A product by its id, withdrawn or not.
    pub(crate) fn find(&self, id: MedicineId) -> Option<(u32, &Record)> {
        let position = self.position(id)?;
        Some((position, self.at(position)?))
    }

    /// All products with their positions, in the order of names.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Record)> {
        (0..).zip(&self.records)
    }

    /// The therapeutic types with counts of products for sale.
    pub(crate) fn types(&self) -> &[TypeCount] {
        &self.types
    }

    /// What can be searched.
    pub(crate) fn fields(&self) -> &Fields {
        &self.fields
    }

    /// What can be counted and filtered by.
    pub(crate) fn facets(&self) -> &FacetColumns {
        &self.facets
    }

    /// Where a query for a field may name an ingredient: those of products for sale, and all that
    /// were ever seen.
    pub(crate) fn ingredient_names(&self, field: Field) -> Vec<&FieldIndex> {
        match field {
            Field::Name | Field::Ingredient => {
                vec![self.fields.of(Field::Ingredient), self.ingredients.names()]
            }
            Field::Type | Field::Maker => Vec::new(),
        }
    }

    /// What products hold, as allergies see it.
    pub(crate) fn safety(&self) -> &SafetyIndex {
        &self.safety
    }

    /// The ingredients.
    pub(crate) fn ingredients(&self) -> &Ingredients {
        &self.ingredients
    }
}
