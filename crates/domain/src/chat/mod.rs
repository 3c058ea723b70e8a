//! Rules of the conversation between a visitor, the bot and a counsellor, as far as they need no server.
//!
//! | module | question |
//! |---|---|
//! | [`drugs`] | is a drug asked about, and which |
//! | [`emergency`] | does somebody need 119 or 109 now |
//! | [`holiday`] | which days are public holidays in Korea, and why |
//! | [`hours`] | are the counsellors there, and when are they next |
//! | [`keywords`] | which keywords does a text hold |
//! | [`text`] | what a message and a link may be |
//! | [`wait`] | how long will somebody in the queue wait |
//! | [`words`] | what are the words of a text |

pub mod drugs;
pub mod emergency;
pub mod holiday;
pub mod hours;
pub mod keywords;
mod lunar;
pub mod text;
pub mod wait;
pub mod words;
