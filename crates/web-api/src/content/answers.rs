//! What is told and taken about quotes and events.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::events::{Event, EventRow};
use super::store::quotes::{Quote, QuoteRow};
use crate::http::checks::{Checks, Lines};
use crate::http::problem::Problem;
use crate::http::problem_texts::Message;

/// Characters of a quote, at most.
const LONGEST_QUOTE: usize = 300;
/// Characters of what a quote comes from, at most.
const LONGEST_SOURCE: usize = 60;
/// Characters of the title of an event, at most.
const LONGEST_TITLE: usize = 100;
/// Characters of the text of an event, at most.
const LONGEST_TEXT: usize = 2_000;

/// A quote as everybody reads it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HealthQuote {
    #[schema(example = "1")]
    id: String,
    #[schema(example = "물 한 잔으로 하루를 시작해 보세요.")]
    text: String,
    /// Whose words they are, or from where; null where they are ours.
    #[schema(required = true)]
    source: Option<String>,
}

impl From<Quote> for HealthQuote {
    fn from(quote: Quote) -> Self {
        Self {
            id: quote.id.to_string(),
            text: quote.row.text,
            source: quote.row.source,
        }
    }
}

/// A quote as admins see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdminHealthQuote {
    #[serde(flatten)]
    quote: HealthQuote,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Quote> for AdminHealthQuote {
    fn from(quote: Quote) -> Self {
        Self {
            created_at: quote.created_at,
            updated_at: quote.updated_at,
            quote: quote.into(),
        }
    }
}

/// A page of quotes, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdminHealthQuotes {
    pub(crate) items: Vec<AdminHealthQuote>,
    #[schema(minimum = 1, maximum = 10_000)]
    pub(crate) page: usize,
    #[schema(minimum = 1, maximum = 100)]
    pub(crate) page_size: usize,
    #[schema(minimum = 0)]
    pub(crate) total: i64,
}

/// A quote as it is written.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HealthQuoteBody {
    /// One line.
    #[schema(min_length = 1, max_length = 300)]
    text: String,
    /// Whose words they are, or from where.
    #[schema(min_length = 1, max_length = 60)]
    source: Option<String>,
}

impl HealthQuoteBody {
    /// The quote, if it is one.
    ///
    /// # Errors
    /// 422 with everything that is wrong.
    pub(crate) fn checked(&self) -> Result<QuoteRow, Problem> {
        let mut checks = Checks::default();
        let text = checks.text("text", &self.text, LONGEST_QUOTE, Lines::One);
        let source = self.source.as_deref();
        let source = source.map(|text| checks.text("source", text, LONGEST_SOURCE, Lines::One));
        checks.finish()?;
        Ok(QuoteRow { text, source })
    }
}

/// An event as everybody reads it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventAnswer {
    #[schema(example = "1")]
    id: String,
    title: String,
    /// Plain text; lines end with a line feed.
    text: String,
    /// Where more is told.
    #[schema(required = true)]
    link_url: Option<String>,
    #[schema(required = true)]
    image_url: Option<String>,
    /// The first day, in Korea.
    from: NaiveDate,
    /// The last day, in Korea; it belongs to the event.
    until: NaiveDate,
}

impl From<Event> for EventAnswer {
    fn from(event: Event) -> Self {
        Self {
            id: event.id.to_string(),
            title: event.row.title,
            text: event.row.text,
            link_url: event.row.link_url,
            image_url: event.row.image_url,
            from: event.row.from,
            until: event.row.until,
        }
    }
}

/// Events that run today, those that end first before the others.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Events {
    #[schema(max_items = 100)]
    pub(crate) items: Vec<EventAnswer>,
}

/// An event as admins see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdminEvent {
    #[serde(flatten)]
    event: EventAnswer,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Event> for AdminEvent {
    fn from(event: Event) -> Self {
        Self {
            created_at: event.created_at,
            updated_at: event.updated_at,
            event: event.into(),
        }
    }
}

/// A page of events, whenever they are, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdminEvents {
    pub(crate) items: Vec<AdminEvent>,
    #[schema(minimum = 1, maximum = 10_000)]
    pub(crate) page: usize,
    #[schema(minimum = 1, maximum = 100)]
    pub(crate) page_size: usize,
    #[schema(minimum = 0)]
    pub(crate) total: i64,
}

/// An event as it is written.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventBody {
    /// One line.
    #[schema(min_length = 1, max_length = 100)]
    title: String,
    /// Plain text, also of several lines.
    #[schema(min_length = 1, max_length = 2_000)]
    text: String,
    /// Begins with `https://`.
    #[schema(max_length = 500, pattern = "^https://")]
    link_url: Option<String>,
    /// Begins with `https://`.
    #[schema(max_length = 500, pattern = "^https://")]
    image_url: Option<String>,
    /// The first day, in Korea.
    #[schema(format = Date, example = "2026-03-02")]
    from: String,
    /// The last day, in Korea.
    #[schema(format = Date, example = "2026-03-08")]
    until: String,
}

impl EventBody {
    /// The event, if it is one.
    ///
    /// # Errors
    /// 422 with everything that is wrong.
    pub(crate) fn checked(&self) -> Result<EventRow, Problem> {
        let mut checks = Checks::default();
        let title = checks.text("title", &self.title, LONGEST_TITLE, Lines::One);
        let text = checks.text("text", &self.text, LONGEST_TEXT, Lines::Many);
        let link_url = checks.url("linkUrl", self.link_url.as_deref());
        let image_url = checks.url("imageUrl", self.image_url.as_deref());
        let from = checks.day("from", &self.from);
        let until = checks.day("until", &self.until);
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            checks.refuse("until", Message::EndsBeforeStart);
        }
        checks.finish()?;
        Ok(EventRow {
            title,
            text,
            link_url,
            image_url,
            // Both are there, or the checks would have said so.
            from: from.unwrap_or_default(),
            until: until.unwrap_or_default(),
        })
    }
}
