//! What both servers need to run and neither should write twice: settings, logs, metrics, health,
//! problem texts, a graceful stop, passwords, one-time codes, sealed secrets, and the check of what
//! web-api signs.
//!
//! Nothing here knows a web framework, except the small operations router of [`ops`].

pub mod forwarded;
pub mod logging;
pub mod metrics;
pub mod ops;
pub mod passwords;
pub mod problem;
pub mod process;
pub mod prompt;
pub mod request_id;
pub mod secrets;
pub mod settings;
pub mod shutdown;
pub mod token;
pub mod totp;
