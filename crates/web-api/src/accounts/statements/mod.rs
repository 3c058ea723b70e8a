//! Telling chat-server what ended, by signed statements ([`domain::token::Statement`]): from an outbox,
//! until it is acknowledged.

mod client;
mod sender;

pub use client::{ChatEvents, TellError};
pub use sender::StatementSender;
