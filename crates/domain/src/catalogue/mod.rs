//! Medicines, what is in them, and how two of them differ.

mod amount;
mod basis;
mod composition;
mod document;
mod id;
mod medicine;

pub use amount::{Dimension, Quantity, Unit};
pub use basis::{Basis, BasisUnit};
pub use composition::{ActiveIngredient, ActivePart, Additive, Composition, Variant};
pub use document::{Article, Block, Cell, Document, DocumentKind, Row, Section};
pub use id::{IdError, IngredientId, MedicineId};
pub use medicine::{
    Cancellation, CancellationState, Dispensing, EasyGuide, Medicine, Pill, TherapeuticClass,
};
