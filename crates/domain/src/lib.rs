//! What is true without any server: parsing of the MFDS feed, composition and comparison of drugs, the
//! rules of accounts, of reviews and of the access token, the check of allergies.
//!
//! Nothing in here does I/O, waits, or knows a framework. Every function is pure; parsing is total:
//! no input makes it panic.

pub mod account;
pub mod catalogue;
pub mod chat;
pub mod clock;
pub mod hangul;
pub mod mfds;
pub mod review;
pub mod safety;
pub mod token;
