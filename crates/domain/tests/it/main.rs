//! The whole feed as it was captured, and inputs that no feed should hold.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    reason = "tests"
)]

mod account;
mod captures;
mod chat;
mod documents;
mod files;
mod hangul;
mod hostile;
mod materials;
mod misreadings;
mod pills;
mod pitfalls;
mod review;
mod safety;
