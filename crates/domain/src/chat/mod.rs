//! Rules of the conversation between a visitor, the bot and a counsellor.
//!
//! | module | question |
//! |---|---|
//! | [`answers`] | what the bot says to a keyword or a question about a drug |
//! | [`emergency`] | does somebody need 119 or 109 now |
//! | [`holiday`] | which days are public holidays in Korea, and why |
//! | [`hours`] | are the counsellors there, and when are they next |
//! | [`state`] | whose turn a conversation is, and what may happen next |
//! | [`text`] | what a message and a link may be |

pub mod answers;
pub mod emergency;
pub mod holiday;
pub mod hours;
mod lunar;
pub mod state;
pub mod text;
