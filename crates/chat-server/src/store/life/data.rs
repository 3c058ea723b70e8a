//! What admins write: keyword answers, holidays, canned replies.

use chrono::NaiveDate;
use domain::chat::{text, words};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::store::engine::{Engine, Kind, MOST_ROWS, Page, Record};
use crate::store::model::{
    ClientMessageId, Link, MOST_LINKS, MOST_QUICK_REPLIES, MessageText, Moment,
};
use crate::store::{Store, StoreError, on};

/// Most keywords of an answer.
const MOST_KEYWORDS: usize = 50;
/// Most characters of a keyword, a name, a title, a quick reply.
const LONGEST_NAME: usize = 100;
/// What tells that the built-in answers were written.
const SEEDED: &str = "keywords-seeded";

/// What the bot answers to some keywords.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeywordAnswer {
    /// Its name.
    pub id: ClientMessageId,
    /// What it answers to.
    pub keywords: Vec<String>,
    /// What it says.
    pub text: MessageText,
    /// Links under it.
    pub links: Vec<Link>,
    /// Answers to choose from.
    pub quick_replies: Vec<String>,
    /// Among several that fit, the higher one comes first.
    pub rank: i64,
}

/// A day on which nobody counsels, beside the statutory ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// Which day in Seoul.
    pub date: NaiveDate,
    /// What it is called.
    pub name: String,
}

/// What counsellors send by a click.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CannedReply {
    /// Its name.
    pub id: ClientMessageId,
    /// What it is called in the list.
    pub title: String,
    /// What is sent.
    pub text: MessageText,
}

/// Why something can't be kept as it is.
#[derive(Debug, thiserror::Error)]
pub enum ValueError {
    /// Named field, and what is expected.
    #[error("{0}: expected {1}")]
    Field(&'static str, &'static str),
    /// There are as many as are ever read.
    #[error("there are {MOST_ROWS} already; remove one first")]
    Full,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl KeywordAnswer {
    fn check(&self) -> Result<(), ValueError> {
        let keywords = &self.keywords;
        if keywords.is_empty()
            || keywords.len() > MOST_KEYWORDS
            || !keywords
                .iter()
                .all(|one| named(one) && !words::plain(one).is_empty())
        {
            return Err(ValueError::Field(
                "keywords",
                "1 to 50 words of 1 to 100 characters, at least one of them a letter or digit",
            ));
        }
        let link = |link: &Link| named(&link.title) && text::link(&link.url).is_ok();
        if self.links.len() > MOST_LINKS || !self.links.iter().all(link) {
            return Err(ValueError::Field(
                "links",
                "at most 10, each with a title and an address: https://, mailto:, tel: or a path",
            ));
        }
        if self.quick_replies.len() > MOST_QUICK_REPLIES
            || !self.quick_replies.iter().all(|one| named(one))
        {
            return Err(ValueError::Field(
                "quickReplies",
                "at most 10, each of 1 to 100 characters",
            ));
        }
        Ok(())
    }
}

/// A record without an end.
fn lasting(kind: Kind, id: String, sort: i64, body: String) -> Record {
    Record {
        kind,
        id,
        owner: String::new(),
        sort,
        expires_at: None,
        body,
    }
}

fn named(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains('\0') && text.chars().nth(LONGEST_NAME).is_none()
}

impl Store {
    /// Tells whenever admins have changed something through this instance.
    #[must_use]
    pub fn edits(&self) -> watch::Receiver<u64> {
        self.edits.subscribe()
    }

    /// Writes the answers of the first start, once for ever: what admins have changed or removed since stays
    /// so. An answer that is there already isn't touched. Whether it wrote.
    ///
    /// # Errors
    /// When an answer can't be kept, or the store fails: then the rest is written by a repetition.
    pub async fn seed_keywords(
        &self,
        answers: &[KeywordAnswer],
        now: Moment,
    ) -> Result<bool, ValueError> {
        let done = on!(self, engine => engine.record(Kind::Mark, SEEDED, now).await)?;
        if done.is_some() {
            return Ok(false);
        }
        for answer in answers {
            answer.check()?;
            let body = serde_json::to_string(answer).map_err(StoreError::from)?;
            let id = answer.id.as_str().to_owned();
            let record = lasting(Kind::Keyword, id, answer.rank, body);
            on!(self, engine => engine.add(record).await)?;
        }
        let mark = lasting(Kind::Mark, SEEDED.to_owned(), now.millis(), "{}".to_owned());
        on!(self, engine => engine.add(mark).await)?;
        Ok(true)
    }

    /// Writes an answer, new or over the one of its name.
    ///
    /// # Errors
    /// When a field can't be kept, there are too many, or the store fails.
    pub async fn put_keyword(&self, answer: &KeywordAnswer, now: Moment) -> Result<(), ValueError> {
        answer.check()?;
        let id = answer.id.as_str().to_owned();
        self.put_value(Kind::Keyword, id, answer.rank, answer, now)
            .await
    }

    /// All answers, the highest rank first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn keywords(&self, now: Moment) -> Result<Vec<KeywordAnswer>, StoreError> {
        self.values(Kind::Keyword, now).await
    }

    /// Removes an answer; whether it was there.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn remove_keyword(&self, id: &ClientMessageId) -> Result<bool, StoreError> {
        self.remove_value(Kind::Keyword, id.as_str()).await
    }

    /// Writes a holiday, new or over the one of its date.
    ///
    /// # Errors
    /// When the name can't be kept, there are too many, or the store fails.
    pub async fn put_holiday(&self, holiday: &Holiday, now: Moment) -> Result<(), ValueError> {
        if !named(&holiday.name) {
            return Err(ValueError::Field("name", "1 to 100 characters"));
        }
        let id = holiday.date.to_string();
        let sort = holiday.date.to_epoch_days();
        self.put_value(Kind::Holiday, id, i64::from(sort), holiday, now)
            .await
    }

    /// All holidays, the latest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn holidays(&self, now: Moment) -> Result<Vec<Holiday>, StoreError> {
        self.values(Kind::Holiday, now).await
    }

    /// Removes a holiday; whether it was there.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn remove_holiday(&self, date: NaiveDate) -> Result<bool, StoreError> {
        let id = date.to_string();
        self.remove_value(Kind::Holiday, &id).await
    }

    /// Writes a canned reply, new or over the one of its name.
    ///
    /// # Errors
    /// When the title can't be kept, there are too many, or the store fails.
    pub async fn put_canned(&self, reply: &CannedReply, now: Moment) -> Result<(), ValueError> {
        if !named(&reply.title) {
            return Err(ValueError::Field("title", "1 to 100 characters"));
        }
        let id = reply.id.as_str().to_owned();
        self.put_value(Kind::Canned, id, 0, reply, now).await
    }

    /// All canned replies, by name.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn canned(&self, now: Moment) -> Result<Vec<CannedReply>, StoreError> {
        self.values(Kind::Canned, now).await
    }

    /// Removes a canned reply; whether it was there.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn remove_canned(&self, id: &ClientMessageId) -> Result<bool, StoreError> {
        self.remove_value(Kind::Canned, id.as_str()).await
    }

    async fn put_value<T: Serialize>(
        &self,
        kind: Kind,
        id: String,
        sort: i64,
        value: &T,
        now: Moment,
    ) -> Result<(), ValueError> {
        let body = serde_json::to_string(value).map_err(StoreError::from)?;
        let known = on!(self, engine => engine.record(kind, &id, now).await)?;
        let most = usize::try_from(MOST_ROWS).unwrap_or(usize::MAX);
        if known.is_none() && self.page(kind, now).await?.len() >= most {
            return Err(ValueError::Full);
        }
        let record = lasting(kind, id, sort, body);
        on!(self, engine => engine.put(record).await)?;
        self.edited();
        Ok(())
    }

    async fn remove_value(&self, kind: Kind, id: &str) -> Result<bool, StoreError> {
        let removed = on!(self, engine => engine.remove(kind, id).await)?;
        self.edited();
        Ok(removed)
    }

    fn edited(&self) {
        self.edits
            .send_modify(|count| *count = count.wrapping_add(1));
    }

    async fn values<T: DeserializeOwned>(
        &self,
        kind: Kind,
        now: Moment,
    ) -> Result<Vec<T>, StoreError> {
        let found = self.page(kind, now).await?;
        found
            .iter()
            .map(|record| Ok(serde_json::from_str(&record.body)?))
            .collect()
    }

    async fn page(&self, kind: Kind, now: Moment) -> Result<Vec<Record>, StoreError> {
        let page = Page {
            kind,
            owner: None,
            below: None,
            limit: MOST_ROWS,
            now,
        };
        on!(self, engine => engine.records(page).await)
    }
}
