//! The rules of the conversation.

mod answers;
mod emergency;
mod hours;
mod state;
