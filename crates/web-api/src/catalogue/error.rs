//! What can go wrong when the catalogue is asked, without a word of HTTP.

use domain::catalogue::{IngredientId, MedicineId};

/// Why the catalogue gives no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CatalogueError {
    /// Nothing has been loaded yet.
    #[error("the catalogue has not been loaded yet")]
    Loading,
    /// There is no such medicine, and never was.
    #[error("no medicine {0}")]
    UnknownMedicine(MedicineId),
    /// There are no such medicines; all that are unknown.
    #[error("unknown medicines in a comparison")]
    UnknownMedicines(Vec<MedicineId>),
    /// There is no such ingredient.
    #[error("no ingredient {0}")]
    UnknownIngredient(IngredientId),
    /// A medicine is not compared with itself.
    #[error("the same medicine twice")]
    SameMedicine,
    /// Whether a product is one of the caller's allergens can't be told.
    #[error("the caller's allergies can't be loaded")]
    AllergiesUnavailable,
    /// Nothing of the query is left to search for.
    #[error("nothing to search for")]
    NothingToSearch,
}
