//! The envelope around the records, and the many forms that an error takes instead of it.

use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::foreign::{excerpt, read_markup, status};
use super::{FeedError, PAGE_ROWS, ServiceKey};

/// An answer as it came.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) html: bool,
    pub(super) retry_after: Option<Duration>,
    pub(super) body: Vec<u8>,
}

/// A page of records, each as JSON text.
#[derive(Debug)]
pub struct Page<'a> {
    /// Records in the whole operation, as this page says it.
    pub total: u32,
    /// The records.
    pub items: Vec<&'a str>,
    number: u32,
}

impl Page<'_> {
    /// How many records are missing, going by the total.
    #[must_use]
    pub fn missing(&self) -> u32 {
        self.expected().saturating_sub(self.found())
    }

    fn found(&self) -> u32 {
        u32::try_from(self.items.len()).unwrap_or(u32::MAX)
    }

    fn expected(&self) -> u32 {
        let before = self.number.saturating_sub(1).saturating_mul(PAGE_ROWS);
        self.total.saturating_sub(before).min(PAGE_ROWS)
    }

    /// A later page was asked for because the total promised it: nothing at all is no answer to it.
    pub(super) fn is_void(&self) -> bool {
        self.number > 1 && self.total == 0
    }

    pub(super) fn fewer_records(&self) -> FeedError {
        FeedError::FewerRecords {
            expected: self.expected(),
            found: self.found(),
        }
    }
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(default)]
    header: Option<Header>,
    #[serde(default, borrow)]
    body: Option<&'a RawValue>,
    #[serde(default)]
    result: Option<Header>,
    #[serde(default, rename = "OpenAPI_ServiceResponse")]
    gateway: Option<Gateway>,
    #[serde(default)]
    response: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Header {
    #[serde(default)]
    result_code: Option<serde_json::Value>,
    #[serde(default)]
    result_msg: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Gateway {
    cmm_msg_header: GatewayHeader,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GatewayHeader {
    #[serde(default)]
    return_reason_code: Option<serde_json::Value>,
    #[serde(default)]
    return_auth_msg: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(default)]
    page_no: Option<serde_json::Value>,
    #[serde(default)]
    total_count: Option<serde_json::Value>,
    #[serde(default, borrow)]
    items: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Wrapped<'a> {
    #[serde(borrow)]
    item: &'a RawValue,
}

/// Reads an answer to the question for `page`.
pub(super) fn read<'a>(
    answer: &'a Answer,
    page: u32,
    key: &ServiceKey,
) -> Result<Page<'a>, FeedError> {
    let text = std::str::from_utf8(&answer.body).map_err(|error| FeedError::NotUtf8 {
        valid_up_to: error.valid_up_to(),
    })?;
    let text = text.trim_start_matches('\u{FEFF}').trim();
    if text.starts_with('<') {
        return Err(read_markup(text, answer, key));
    }
    if answer.status == 429 && text.to_ascii_lowercase().contains("quota") {
        return Err(FeedError::Quota);
    }
    let envelope: Envelope<'a> = match serde_json::from_str(text) {
        Ok(envelope) => envelope,
        Err(_) if answer.status != 200 => return Err(status(answer, text, key)),
        Err(_) if answer.html => {
            return Err(FeedError::Html {
                excerpt: excerpt(text, key),
            });
        }
        Err(error) => {
            return Err(FeedError::NotJson {
                reason: key.redact(&error.to_string()),
            });
        }
    };
    if let Some(inner) = envelope.response {
        // Sister services wrap the envelope once more.
        let inner = serde_json::from_str(inner.get()).map_err(|_| FeedError::Shape {
            what: "response is no envelope",
        })?;
        return from_envelope(&inner, answer, page, key, text);
    }
    from_envelope(&envelope, answer, page, key, text)
}

fn from_envelope<'a>(
    envelope: &Envelope<'a>,
    answer: &Answer,
    page: u32,
    key: &ServiceKey,
    text: &str,
) -> Result<Page<'a>, FeedError> {
    let outcome = envelope
        .gateway
        .as_ref()
        .map(|gateway| {
            let header = &gateway.cmm_msg_header;
            (
                header.return_reason_code.as_ref(),
                header.return_auth_msg.as_ref(),
            )
        })
        .or_else(|| {
            let header = envelope.header.as_ref().or(envelope.result.as_ref())?;
            Some((header.result_code.as_ref(), header.result_msg.as_ref()))
        });
    let code = outcome
        .and_then(|(code, _)| code)
        .map(plain)
        .unwrap_or_default();
    let number = code.trim().parse::<u32>().ok();
    if number == Some(3) {
        return Ok(Page {
            total: 0,
            items: Vec::new(),
            number: page,
        });
    }
    if !code.is_empty() && number != Some(0) {
        let message = outcome
            .and_then(|(_, message)| message)
            .map(plain)
            .unwrap_or_default();
        return Err(FeedError::service(
            &excerpt(&code, key),
            excerpt(&message, key),
        ));
    }
    if answer.status != 200 {
        return Err(status(answer, text, key));
    }
    if code.is_empty() {
        return Err(FeedError::Shape {
            what: "no header with a resultCode",
        });
    }
    let body = envelope.body.ok_or(FeedError::Shape { what: "no body" })?;
    read_body(body, page)
}

fn read_body(body: &RawValue, page: u32) -> Result<Page<'_>, FeedError> {
    let body: Body<'_> = serde_json::from_str(body.get()).map_err(|_| FeedError::Shape {
        what: "body is no object",
    })?;
    let total = body
        .total_count
        .as_ref()
        .and_then(count)
        .ok_or(FeedError::Shape {
            what: "totalCount is missing or no number",
        })?;
    let items = match body.items {
        Some(items) => read_items(items)?,
        None => Vec::new(),
    };
    if u32::try_from(items.len()).unwrap_or(u32::MAX) > PAGE_ROWS {
        return Err(FeedError::Shape {
            what: "more records than asked for",
        });
    }
    if let Some(given) = body.page_no.as_ref().and_then(count)
        && given != page
    {
        return Err(FeedError::WrongPage { asked: page, given });
    }
    Ok(Page {
        total,
        items,
        number: page,
    })
}

/// An array of records, an array of `{"item": record}`, `{"item": [records]}`, or nothing.
fn read_items(items: &RawValue) -> Result<Vec<&str>, FeedError> {
    let odd = || FeedError::Shape {
        what: "items is neither a list nor an item",
    };
    let text = items.get();
    if text.starts_with('[') {
        let list: Vec<&RawValue> = serde_json::from_str(text).map_err(|_| odd())?;
        return Ok(list.into_iter().map(|item| unwrapped(item.get())).collect());
    }
    if text == "null" || text == "\"\"" || text == "{}" {
        return Ok(Vec::new());
    }
    let wrapped: Wrapped<'_> = serde_json::from_str(text).map_err(|_| odd())?;
    let inner = wrapped.item.get();
    if inner.starts_with('[') {
        let list: Vec<&RawValue> = serde_json::from_str(inner).map_err(|_| odd())?;
        return Ok(list.into_iter().map(RawValue::get).collect());
    }
    Ok(vec![inner])
}

fn unwrapped(item: &str) -> &str {
    let is_wrapper = item
        .strip_prefix('{')
        .is_some_and(|rest| rest.trim_start().starts_with("\"item\""));
    if !is_wrapper {
        return item;
    }
    serde_json::from_str::<Wrapped<'_>>(item).map_or(item, |wrapped| wrapped.item.get())
}

/// Numbers come as numbers and as texts.
fn count(value: &serde_json::Value) -> Option<u32> {
    match value {
        serde_json::Value::Number(number) => number
            .as_u64()
            .and_then(|number| u32::try_from(number).ok()),
        serde_json::Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
#[path = "envelope_tests.rs"]
mod tests;
