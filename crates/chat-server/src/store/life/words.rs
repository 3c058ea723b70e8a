//! Words that the bot didn't know, counted, so that admins see what people ask.

use chrono::TimeDelta;

use crate::store::engine::{Engine, Kind, Page, Record};
use crate::store::model::Moment;
use crate::store::{Store, StoreError, on};

use super::rows;

/// Most characters of a word; what is longer is a sentence, and tells of somebody.
const LONGEST: usize = 40;
/// From so many digits on it may be a number of somebody's.
const MOST_DIGITS: usize = 3;
/// How long a word stays that nobody says again.
const STAYS: TimeDelta = TimeDelta::days(30);

/// A word and how often it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownWord {
    /// In lower case, without blanks around it.
    pub word: String,
    /// How often.
    pub times: i64,
}

impl Store {
    /// Counts a word that the bot didn't know. What may be an address, a number of somebody's, or
    /// is a whole sentence, isn't kept: `false`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn count_unknown(&self, word: &str, at: Moment) -> Result<bool, StoreError> {
        let word = word.trim().to_lowercase();
        let digits = word.chars().filter(|one| one.is_numeric()).count();
        let tells = word.contains(['@', '\0']) || digits > MOST_DIGITS;
        if word.is_empty() || tells || word.chars().nth(LONGEST).is_some() {
            return Ok(false);
        }
        let record = Record {
            kind: Kind::Word,
            id: word,
            owner: String::new(),
            sort: 1,
            expires_at: Some(at.plus(STAYS)),
            body: "{}".to_owned(),
        };
        on!(self, engine => engine.count(record).await)?;
        Ok(true)
    }

    /// The words that were said most, the most frequent first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn unknown_words(
        &self,
        limit: i64,
        now: Moment,
    ) -> Result<Vec<UnknownWord>, StoreError> {
        let page = Page {
            kind: Kind::Word,
            owner: None,
            below: None,
            limit: rows(limit),
            now,
        };
        let found = on!(self, engine => engine.records(page).await)?;
        let word = |record: Record| UnknownWord {
            word: record.id,
            times: record.sort,
        };
        Ok(found.into_iter().map(word).collect())
    }

    /// Forgets a word, as when an answer to it was written. Whether it was there.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn forget_word(&self, word: &str) -> Result<bool, StoreError> {
        on!(self, engine => engine.remove(Kind::Word, word).await)
    }
}
