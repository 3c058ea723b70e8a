//! What is true of drugs without any server: parsing of the MFDS feed, composition, comparison.
//!
//! Nothing in here does I/O, waits, or knows a framework. Every function is pure; parsing is total:
//! no input makes it panic.

pub mod catalogue;
pub mod hangul;
pub mod mfds;
