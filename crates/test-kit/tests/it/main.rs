//! What tests start beside themselves, for real.
#![expect(clippy::unwrap_used, reason = "tests")]

mod browser;
mod mariadb;
mod mongo;
mod proxy;
mod server;
