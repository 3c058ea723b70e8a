//! Answers of the catalogue as they leave: the contract that front ends build on. Built from the
//! domain's types, so that these may change without breaking anybody.

mod comparison;
mod comparison_words;
mod composition;
mod detail;
mod documents;
mod ingredient;
mod medicine;
mod page;

pub(crate) use comparison::ComparisonAnswer;
pub(crate) use composition::{CompositionAnswer, CompositionBody};
pub(crate) use detail::MedicineDetail;
pub(crate) use documents::CachedDocuments;
pub(crate) use ingredient::{
    IngredientAnswer, IngredientMedicine, IngredientMedicines, IngredientSuggestion,
    IngredientSuggestions, RoleBody,
};
pub(crate) use medicine::{MedicineSummary, PillLookBody, SaleClass, TypeBody};
pub(crate) use page::{
    FacetCount, Facets, MedicineHit, MedicineSuggestion, MedicineSuggestions, MedicineTypes,
    SearchAnswer, Span, TypeEntry,
};
