//! Rules of the conversation between a visitor, the bot and a counsellor.
//!
//! | module | question |
//! |---|---|
//! | [`holiday`] | which days are public holidays in Korea, and why |
//! | [`hours`] | are the counsellors there, and when are they next |

pub mod holiday;
pub mod hours;
mod lunar;
