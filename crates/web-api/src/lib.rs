//! See the crate description in `Cargo.toml`.

/// Who may call what, whose a token is, and how strictly a body is read.
pub mod access {
    pub use crate::http::access::{Access, Level};
    pub use crate::http::caller::{Member, NoTokens, NotBelieved, SignedTokens, TokenCheck};
    pub use crate::http::json::Json;
    pub use crate::http::rate::RateClass;
    pub use crate::http::table::DeclaredRoute;
    pub use crate::routes::declared;
}

pub mod accounts;
mod allergies;
pub mod app;
pub mod catalogue;
pub mod commands;
pub(crate) mod compare_box;
pub mod content;
pub mod db;
mod http;
pub(crate) mod marks;
pub mod mfds;
pub mod origin;
mod pages;
pub mod reviews;
mod routes;
mod search;
pub mod settings;
pub mod wishes;
