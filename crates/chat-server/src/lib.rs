//! The chat server: conversations over Socket.IO.
//!
//! [`app::run`] is the one way to start it, for `main` and for tests.

pub mod app;
pub mod bot;
pub mod commands;
pub mod desk;
pub mod gateway;
mod http;
pub mod hub;
pub mod identity;
pub mod notify;
pub mod rest;
pub mod settings;
pub mod staff;
pub mod store;
