//! Continuing a list of reviews that come and go meanwhile.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use base64ct::{Base64UrlUnpadded, Encoding};
use chrono::{DateTime, Datelike, Utc};

use crate::account::{UnknownName, named};

/// Longer than any cursor.
const LONGEST: usize = 200;
/// Longest id of a review.
const LONGEST_ID: usize = 64;
/// Stands before what a cursor holds, so that another form can follow.
const FORM: &str = "1";
/// Years in which something may have been written. MySQL takes moments of others for an error.
const YEARS: RangeInclusive<i32> = 1970..=9999;

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    /// The newest first.
    Newest,
    /// First what helped the most readers, then the newest.
    Helpful,
}

named!(
    Sort,
    "newest, helpful",
    Newest = "newest",
    Helpful = "helpful"
);

/// The last review of a page, by what it is sorted by: the next page begins behind it, whether or not
/// it is still there, so nothing comes twice or is skipped because something else came or went.
/// Opaque to clients: its text is no part of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The order that it continues.
    pub sort: Sort,
    /// How many readers it helped; 0 where that isn't what it is sorted by.
    pub helpful: u32,
    /// When it was written, to the microsecond.
    pub at: DateTime<Utc>,
    /// Its id: decides between two of one moment.
    pub id: String,
}

/// Why a text continues nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected the cursor of the page before, in the same order")]
pub struct CursorError;

impl Cursor {
    /// Reads what a client gives back.
    ///
    /// # Errors
    /// When it is none of ours, or continues another order.
    pub fn parse(text: &str, sort: Sort) -> Result<Self, CursorError> {
        let cursor = Self::decoded(text).ok_or(CursorError)?;
        // One spelling each: whatever isn't what we give out is refused.
        let ours = cursor.sort == sort && cursor.to_string() == text;
        ours.then_some(cursor).ok_or(CursorError)
    }

    fn decoded(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let bytes = Base64UrlUnpadded::decode_vec(text).ok()?;
        let plain = String::from_utf8(bytes).ok()?;
        let mut parts = plain.split(':');
        if parts.next()? != FORM {
            return None;
        }
        let sort = parts.next()?.parse().ok()?;
        let helpful = parts.next()?.parse().ok()?;
        let at = DateTime::from_timestamp_micros(parts.next()?.parse().ok()?)?;
        let id = parts.next()?;
        let is_id = (1..=LONGEST_ID).contains(&id.len())
            && id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        let whole = is_id
            && parts.next().is_none()
            && YEARS.contains(&at.year())
            && (sort == Sort::Helpful || helpful == 0);
        whole.then(|| Self {
            sort,
            helpful,
            at,
            id: id.to_owned(),
        })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (at, id) = (self.at.timestamp_micros(), &self.id);
        let plain = format!("{FORM}:{}:{}:{at}:{id}", self.sort, self.helpful);
        f.write_str(&Base64UrlUnpadded::encode_string(plain.as_bytes()))
    }
}
