//! The rules of the conversation.

mod drugs;
mod emergency;
mod hours;
mod keywords;
mod text;
mod wait;
