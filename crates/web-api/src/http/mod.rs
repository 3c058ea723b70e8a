//! What every request meets: middleware, extractors, answers and errors.

pub(crate) mod access;
mod account_errors;
mod account_texts;
mod allergy_errors;
pub(crate) mod cacheable;
pub(crate) mod caller;
mod catalogue_errors;
pub(crate) mod checks;
pub(crate) mod client;
pub(crate) mod closing;
mod content_errors;
pub(crate) mod cors;
mod csrf;
pub(crate) mod guard;
mod image_errors;
pub(crate) mod json;
pub(crate) mod layers;
pub(crate) mod limits;
mod mark_errors;
pub(crate) mod mirror;
mod narrow;
pub(crate) mod observe;
pub(crate) mod once;
pub(crate) mod openapi;
pub(crate) mod parameters;
pub(crate) mod problem;
pub(crate) mod problem_texts;
pub(crate) mod rate;
pub(crate) mod render;
#[cfg(any(test, feature = "bench"))]
pub(crate) mod replay;
mod review_errors;
pub(crate) mod security_headers;
pub(crate) mod slots;
pub(crate) mod sync_errors;
pub(crate) mod table;
