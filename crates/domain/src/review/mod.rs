//! The rules of reviews of medicines: what one may say, who sees it, what hides it, how lists of them
//! are continued.
//!
//! A review tells of its author's health, so it is his alone until he was told what publishing means
//! and chose it (개인정보 보호법 제23조 제3항). Texts hide themselves from `Debug`.
//!
//! | module's types | rule |
//! |---|---|
//! | [`ReviewText`], [`ReportDetail`], [`Rating`] | what may be written |
//! | [`Keyword`] | which texts a search among them finds |
//! | [`Visibility`], [`publish`] | who sees it, and what its author was told before |
//! | [`Reaction`], [`Reactions`] | one reaction a reader |
//! | [`Moderation`], [`ReportReason`], [`Decision`] | what hides it, and what brings it back |
//! | [`Cursor`], [`Sort`] | continuing a list that changes meanwhile |

mod cursor;
mod moderation;
mod notice;
mod reaction;
mod text;

pub use cursor::{Cursor, CursorError, Sort};
pub use moderation::{Decision, Moderation, ModerationState, ReportReason};
pub use notice::{NoticeError, Publication, Visibility, publish};
pub use reaction::{Reaction, Reactions};
pub use text::{
    Keyword, KeywordError, Rating, RatingError, ReportDetail, ReviewText, ReviewTextError,
};
