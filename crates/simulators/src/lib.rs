//! Local stand-ins of the third parties that the servers call.
//!
//! Each third party has a module of its own. For now there is [`mfds`], the open API of the
//! Ministry of Food and Drug Safety. A stand-in answers like the real one, its errors and limits
//! included, so that a test exercises the same code paths that production runs.
//!
//! This crate deliberately shares no types with `domain`: if the feed were rendered by the parser's
//! own types, both could share the same mistake.

pub mod mfds;
