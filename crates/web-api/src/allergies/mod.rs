//! What members are allergic to, and what that says of medicines. [`domain::safety`] decides; here its
//! words meet the members' lists, the catalogue in memory and the network.
//!
//! A list is data on health (개인정보 보호법 제23조): it is kept with a consent of its own, sealed, and
//! stands in no log, no figure and no audit.

pub(crate) mod answers;
mod error;
pub(crate) mod handlers;
mod list;
mod marks;
mod matches;
mod service;
pub(crate) mod store;
mod texts;

pub(crate) use error::AllergyError;
pub(crate) use list::{List, Listed};
pub(crate) use marks::{Allergens, AllergyMarks, Checker};
pub(crate) use matches::Matches;
