//! Local stand-ins of the third parties that the servers call.
//!
//! Each third party has a module of its own: [`mfds`], the open API of the Ministry of Food and Drug
//! Safety; [`sms`], Naver Cloud SENS; [`oauth`], the sign-ins of Naver, Google and Kakao; [`s3`], an
//! object store; [`slack`], incoming webhooks. A stand-in answers like the real one, its errors and limits included, so that a
//! test exercises the same code paths that production runs.
//!
//! This crate deliberately shares no types with `domain`: if the feed were rendered by the parser's
//! own types, both could share the same mistake.

mod clock;
mod connection;
mod control;
pub mod faults;
mod gate;
pub mod mfds;
pub mod oauth;
pub mod s3;
mod server;
pub mod slack;
pub mod sms;
mod text;

pub use clock::Clock;
pub use server::{Running, StartError, serve};
