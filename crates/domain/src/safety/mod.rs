//! Whether a product holds what somebody is allergic to.
//!
//! The idea: every ingredient has an [`Identity`] (its names, the substances behind them, the classes
//! that cross-react), [`relate`] says how an allergen bears on one ingredient, and [`conclude`] makes
//! one finding of all of them. Nothing here is guessed: names match whole, by the rules of Korean
//! nomenclature and by tables with their sources (`docs/safety.md`), never by a part that looks alike.
//!
//! - Another allergen only ever adds warnings.
//! - What wasn't understood stays unknown; nothing is ever called safe.

mod check;
mod groups;
mod identity;
mod substances;
mod table;

pub use check::{AllergyCheck, Checked, Depth, Finding, HeldAs, Level, Warning, conclude, relate};
pub use check::{held_in, is_wholly_known};
pub use groups::{CrossReaction, Group, Membership, SharedChain, SideChain};
pub use identity::Identity;
pub use substances::substances_of;
