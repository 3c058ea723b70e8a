//! See the crate description in `Cargo.toml`.

pub mod catalogue;
pub mod db;
pub mod mfds;
