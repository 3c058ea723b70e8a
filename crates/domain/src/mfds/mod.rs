//! The MFDS feed's text to typed values.
//!
//! Each `parse_*` of a record takes the raw record and either gives a typed value or a [`Rejection`]
//! that says which field is wrong. A text that is not understood is never guessed and never dropped:
//! it stays beside what was understood, and `complete` is false.
//!
//! - [`RawPermitDetail`] and its like hold the fields as they come.
//! - [`parse_material`] reads `MATERIAL_NAME`, [`parse_document`] the official documents; both are
//!   total and take time in proportion to the length of the text.
//! - [`Medicine::assemble`](crate::catalogue::Medicine::assemble) merges the operations.

mod additives;
mod assemble;
mod class;
mod date;
mod document;
mod material;
mod raw;
mod record;
mod records;
mod states;
mod text;

pub use additives::{Additives, parse_additives};
pub use class::parse_class;
pub use date::parse_date;
pub use document::parse_document;
pub use material::{Material, parse_composition, parse_decimal, parse_material};
pub use raw::{RawEasyGuide, RawPermitDetail, RawPermitListing, RawPill};
pub use record::{ParsedPill, PermitDetail, PermitListing, Rejection};
pub use records::{parse_easy_guide, parse_permit_detail, parse_permit_listing, parse_pill};
pub use states::{parse_cancellation, parse_dispensing};
