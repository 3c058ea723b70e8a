//! Bodies that are no envelope: the gateway's XML, web pages, plain words. What is kept of them is for a
//! person who reads the log, so that the key is never in it.

use super::envelope::Answer;
use super::{FeedError, ServiceKey};

/// Text of a foreign body that is kept for a person, in characters.
const EXCERPT: usize = 200;

/// XML of the gateway, or a web page.
pub(super) fn read_markup(text: &str, answer: &Answer, key: &ServiceKey) -> FeedError {
    let code = element(text, "returnReasonCode").or_else(|| element(text, "resultCode"));
    if let Some(code) = code {
        let message = element(text, "returnAuthMsg")
            .or_else(|| element(text, "errMsg"))
            .or_else(|| element(text, "resultMsg"))
            .unwrap_or_default();
        return FeedError::service(&excerpt(code, key), excerpt(message, key));
    }
    if answer.status != 200 {
        return status(answer, text, key);
    }
    FeedError::Html {
        excerpt: excerpt(text, key),
    }
}

/// The text of the first element of that name. The gateway's error has neither attributes nor nesting.
fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    let (inner, _) = rest.split_once("</")?;
    Some(inner.trim())
}

/// An error that is known by its status alone.
pub(super) fn status(answer: &Answer, text: &str, key: &ServiceKey) -> FeedError {
    FeedError::Status {
        status: answer.status,
        excerpt: excerpt(text, key),
        retry_after: answer.retry_after,
    }
}

/// The beginning of a text, without the key. It is taken out before the text is cut: of a key that lies
/// across the cut, the first part would stay.
pub(super) fn excerpt(text: &str, key: &ServiceKey) -> String {
    let head: String = text
        .chars()
        .take(EXCERPT + key.longest_form())
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    key.redact(&head).chars().take(EXCERPT).collect()
}
