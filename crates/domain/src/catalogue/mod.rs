//! Medicines, what is in them, and how two of them differ.
//!
//! The idea: every amount keeps its exact number, its unit and what it is counted per, and a text
//! that was not understood stays beside what was. Whatever is built on top (a chart, a comparison, an
//! allergy check) can then tell "not there" from "not known", and never has to guess.
//!
//! - [`Composition`] is what the feed says; [`composition_view`] makes it comparable where it can be.
//! - [`compare()`] sets two medicines side by side.
//! - [`canonical_ingredient_name`] keys identities; [`Substance`] relates salts of one substance.

mod amount;
mod basis;
mod compare;
mod composition;
mod document;
mod exact;
mod form;
mod id;
mod medicine;
pub(crate) mod name;
mod substance;
mod view;

pub use amount::{Dimension, Quantity, Unit};
pub use basis::{Basis, BasisUnit};
pub use compare::{
    AdditiveRow, Agreement, AmountComparison, AmountOutcome, Aspect, AspectCheck, Attribute,
    AttributeRow, CompareError, Comparison, IngredientRow, MAX_PAIRS, NormalizedAmounts,
    NotComparable, Presence, Sameness, Side, VariantComparison, Verdict, compare, compare_sides,
};
pub use composition::{
    ActiveIngredient, ActivePart, Additive, Composition, CompositionRef, Variant, VariantRef,
};
pub use document::{Article, Block, Cell, Document, DocumentKind, Row, Section};
pub use form::{FormProfile, Release, Route};
pub use id::{IdError, IngredientId, MedicineId};
pub use medicine::{
    Cancellation, CancellationState, Dispensing, EasyGuide, Medicine, Pill, TherapeuticClass,
};
pub use name::canonical_ingredient_name;
pub use substance::Substance;
pub(crate) use substance::base_of;
pub use view::{ActivePartView, CompositionView, IngredientView, VariantView, composition_view};
