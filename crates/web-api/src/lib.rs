//! See the crate description in `Cargo.toml`.

pub mod app;
pub mod catalogue;
pub mod commands;
pub mod db;
mod http;
pub mod mfds;
mod pages;
mod routes;
mod search;
pub mod settings;
