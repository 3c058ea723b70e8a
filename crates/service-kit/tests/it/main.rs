//! The kit as a server uses it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests"
)]

mod logging;
mod ops;
mod settings;
mod settings_files;
mod shutdown;
mod token;
mod token_file;
