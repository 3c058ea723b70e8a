//! What the catalogue can be asked, one file an action.

mod compare;
mod facets;
mod headline;
mod ingredients;
mod medicine;
mod search;
mod suggest;
#[cfg(test)]
mod tests;
mod understanding;

pub(crate) use compare::comparison;
pub(crate) use facets::{Facet, Filters};
pub(crate) use headline::{Headline, headline, synced_at};
pub(crate) use ingredients::{IngredientFound, NamedIngredient, ingredient, ingredient_medicines};
pub(crate) use medicine::{composition, detail, types};
pub(crate) use search::{SearchRequest, Sort, search, search_without};
pub(crate) use suggest::{suggest_ingredients, suggest_medicines};

use domain::catalogue::MedicineId;

use super::answers::MedicineSummary;
use super::snapshot::Record;
use super::state::View;
use crate::search::Window;

/// Which part of a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    /// From 1.
    pub(crate) page: usize,
    /// Entries a page.
    pub(crate) size: usize,
}

impl Page {
    fn window(self) -> Window {
        Window {
            skip: self.page.saturating_sub(1).saturating_mul(self.size),
            take: self.size,
        }
    }
}

/// What a list says of a medicine; `None` where there is no such one.
pub(crate) fn summary_of(view: &View, id: MedicineId) -> Option<MedicineSummary> {
    let (position, record) = view.snapshot.find(id)?;
    Some(summary(view, position, record))
}

fn summary(view: &View, position: u32, record: &Record) -> MedicineSummary {
    MedicineSummary::new(record, view.popularity.wishes(position))
}
