//! Tests of the whole crate, through what it offers to others.
#![expect(clippy::unwrap_used, reason = "a failed assumption fails the test")]

mod db;
mod db_support;
mod store;
mod sync;
mod sync_kill;
mod sync_support;
