//! The chat server: conversations over Socket.IO.
//!
//! [`app::run`] is the one way to start it, for `main` and for tests.

pub mod app;
pub mod gateway;
mod http;
pub mod hub;
pub mod identity;
pub mod settings;
pub mod store;
