//! Properties of the Hangul algorithms, on any text and on the 25,040 names of the pill list.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests"
)]

mod corpus;
mod parts;
mod properties;
mod reference;
mod slips;
mod typing;
