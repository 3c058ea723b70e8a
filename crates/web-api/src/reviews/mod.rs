//! What members say of medicines (후기). [`domain::review`] decides; here its words are kept and told.
//!
//! A review tells of its author's health (개인정보 보호법 제23조): it needs his consent to sensitive
//! data, what he keeps to himself is sealed, and its text stands in no log, no figure and no audit.

pub(crate) mod answers;
mod error;
pub(crate) mod handlers;
mod notice;
pub(crate) mod report_answers;
mod seal;
pub(crate) mod service;
pub mod store;

pub(crate) use error::ReviewError;
pub(crate) use seal::opened;
