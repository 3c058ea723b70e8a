//! Tests of the commands as a person types them.
#![expect(clippy::unwrap_used, reason = "a failed assumption fails the test")]

mod run;
mod stop;
