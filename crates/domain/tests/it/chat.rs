//! The rules of the conversation.

mod hours;
