//! What every request meets: middleware, extractors, answers and errors.

pub(crate) mod cacheable;
mod catalogue_errors;
pub(crate) mod closing;
pub(crate) mod cors;
pub(crate) mod layers;
pub(crate) mod limits;
pub(crate) mod observe;
pub(crate) mod openapi;
pub(crate) mod parameters;
pub(crate) mod problem;
pub(crate) mod problem_texts;
pub(crate) mod render;
#[cfg(any(test, feature = "bench"))]
pub(crate) mod replay;
pub(crate) mod security_headers;
