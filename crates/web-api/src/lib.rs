//! See the crate description in `Cargo.toml`.

pub mod catalogue;
pub mod commands;
pub mod db;
pub mod mfds;
