//! The server as its clients and operators see it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod binary;
mod env_sample;
mod gateway;
mod http;
mod limits;
mod server;
mod store;
