//! The kit as a server uses it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod logging;
mod ops;
mod settings;
mod settings_files;
mod shutdown;
