//! What is done from the command line, beside serving.

mod counsellor;

pub use counsellor::{CounsellorCommand, run as counsellor};
