//! What tests and `xtask` start beside themselves: a private MariaDB, MongoDB and Redis, databases of a test's own, this
//! workspace's binaries, and a network that fails on demand.
//!
//! Everything started here is stopped and deleted by `Drop`, and dies with its owner where `Drop` can't run.
//! The crate has no async runtime, so that it serves tests of every kind; the calls that wait block their thread.
//! Only the feature `browser` brings one.

pub mod browser;
pub mod database;
pub mod env_sample;
pub mod http;
mod log;
pub mod mariadb;
pub mod mongo;
pub mod node;
pub mod ports;
pub mod process;
pub mod proxy;
pub mod redis;
pub mod scratch;
pub mod server;
pub mod skip;
pub mod sql_client;
pub mod wait;

pub use database::TestDatabase;
pub use mariadb::MariaDb;
pub use mongo::Mongo;
pub use ports::free_port;
pub use proxy::CutProxy;
pub use redis::Redis;
pub use server::Server;
pub use skip::skip_or_fail;
pub use wait::{eventually, eventually_async};
