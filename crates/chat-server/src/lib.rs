//! The chat server: conversations over Socket.IO.
//!
//! [`app::run`] is the one way to start it, for `main` and for tests.

pub mod app;
pub mod bot;
pub mod desk;
pub mod gateway;
mod http;
pub mod hub;
pub mod identity;
pub mod notify;
pub mod settings;
pub mod store;
