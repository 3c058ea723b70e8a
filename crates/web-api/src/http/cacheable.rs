//! Answers that caches may keep and clients may ask for again.

use std::cell::RefCell;

use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use domain::catalogue::MedicineId;
use serde::Serialize;
use service_kit::problem::ProblemKind;
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::problem::Problem;
use super::slots::{self, Fields, Slot};

/// How long an answer may be used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// A minute in any cache, then asked for again: the catalogue changes once a week, the wishes
    /// that sort it every few seconds.
    Public,
    /// Not at all: something is missing that will be there soon.
    Incomplete,
    /// For ever: the address names this very content.
    Forever,
    /// In any cache, but asked for before each use.
    Revalidated,
    /// The same for what people said and may take back: it isn't read a minute longer than they want.
    Retractable,
}

impl Freshness {
    /// By whether the answer has everything that it should.
    pub(crate) fn of(complete: bool) -> Self {
        if complete {
            Self::Public
        } else {
            Self::Incomplete
        }
    }

    fn cache_control(self) -> &'static str {
        match self {
            Self::Public => "public, max-age=60, stale-while-revalidate=600",
            Self::Incomplete => "no-store",
            Self::Forever => "public, max-age=31536000, immutable",
            Self::Revalidated => "no-cache",
            Self::Retractable => "public, no-cache",
        }
    }

    /// Files are the same for everybody; a shared cache need not keep them once a caller.
    fn vary(self) -> &'static str {
        match self {
            Self::Public | Self::Incomplete | Self::Retractable => VARY,
            Self::Forever | Self::Revalidated => "Accept-Encoding",
        }
    }
}

/// Answers may differ by these headers: by the caller from the day on which people can sign in, and
/// caches must not learn that too late.
const VARY: &str = "Authorization, Cookie, Accept-Language, Accept-Encoding";

/// `body` as JSON with a weak `ETag`, or 304 where the client has it already.
///
/// # Errors
/// 500 where `body` can't be written as JSON, which is a fault of ours.
pub(crate) fn json<T: Serialize>(
    request: &HttpRequest,
    freshness: Freshness,
    body: &T,
) -> Result<HttpResponse, Problem> {
    Ok(Rendered::json(body)?.respond(request, freshness))
}

/// The same for a body that stands already.
pub(crate) fn bytes(
    request: &HttpRequest,
    freshness: Freshness,
    content_type: &'static str,
    body: Vec<u8>,
) -> HttpResponse {
    Rendered::new(content_type, body.into()).respond(request, freshness)
}

/// What a thread keeps of the room in which it writes answers, in bytes: most are shorter.
const KEPT_ROOM: usize = 64 * 1_024;

thread_local! {
    /// A buffer that grows with the answer is copied again and again, and stands in the caches with
    /// room for twice as much: answers are written here, and taken out as long as they are.
    static ROOM: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A body as it leaves, with its tag: it can be sent again without being written anew.
#[derive(Debug)]
pub(crate) struct Rendered {
    content_type: &'static str,
    body: Bytes,
    tag: HeaderValue,
    /// Where the caller's own fields go.
    slots: Box<[Slot]>,
}

impl Rendered {
    /// A body that stands already.
    pub(crate) fn new(content_type: &'static str, body: Bytes) -> Self {
        Self {
            content_type,
            tag: tag(xxh3_128(&body)),
            body,
            slots: Box::default(),
        }
    }

    /// `body` as JSON.
    ///
    /// # Errors
    /// 500 where `body` can't be written as JSON, which is a fault of ours.
    pub(crate) fn json<T: Serialize>(body: &T) -> Result<Self, Problem> {
        let text = ROOM.with_borrow_mut(|room| {
            room.clear();
            let text = slots::write(room, body).map(|slots| (Bytes::copy_from_slice(room), slots));
            room.clear();
            room.shrink_to(KEPT_ROOM);
            text
        });
        let (text, slots) = text.map_err(|error| no_json(&error))?;
        Ok(Self {
            slots,
            ..Self::new("application/json", text)
        })
    }

    /// What it takes in memory, in bytes.
    pub(crate) fn size(&self) -> usize {
        self.body.len() + size_of_val(&*self.slots)
    }

    /// The same with fields of the caller's own: those of the object that `own` gives for each
    /// medicine. Its tag follows from this one's and from the fields.
    ///
    /// # Errors
    /// 500 where an object can't be written as JSON, which is a fault of ours.
    pub(crate) fn with_fields<T: Serialize>(
        &self,
        own: impl Fn(MedicineId) -> T,
    ) -> Result<Self, Problem> {
        let mut fields = Fields::default();
        for slot in &self.slots {
            let object = own(slot.medicine);
            fields.push(&object).map_err(|error| no_json(&error))?;
        }
        let mut hasher = Xxh3::new();
        hasher.update(self.tag.as_bytes());
        hasher.update(fields.text());
        Ok(Self {
            content_type: self.content_type,
            body: fields.splice(&self.body, &self.slots).into(),
            tag: tag(hasher.digest128()),
            slots: Box::default(),
        })
    }

    /// The answer, or 304 where the client has it already.
    pub(crate) fn respond(&self, request: &HttpRequest, freshness: Freshness) -> HttpResponse {
        let tag = self.tag.to_str().unwrap_or_default();
        let known = is_known(request.headers(), tag);
        let mut response = if known {
            HttpResponse::NotModified()
        } else {
            HttpResponse::Ok()
        };
        response
            .insert_header((header::CACHE_CONTROL, freshness.cache_control()))
            .insert_header((header::VARY, freshness.vary()))
            .insert_header((header::ETAG, self.tag.clone()));
        if known {
            response.finish()
        } else {
            response
                .content_type(self.content_type)
                .body(self.body.clone())
        }
    }
}

/// Weak: the same representation leaves as br, as gzip and as it is.
fn tag(hash: u128) -> HeaderValue {
    // Hexadecimal digits are a header value.
    HeaderValue::try_from(format!("W/\"{hash:032x}\""))
        .unwrap_or(HeaderValue::from_static("W/\"\""))
}

fn no_json(error: &serde_json::Error) -> Problem {
    let error: &dyn std::error::Error = error;
    tracing::error!(error, "an answer has no JSON form");
    Problem::new(ProblemKind::Internal)
}

/// 308: the same question at another address, the query kept.
pub(crate) fn moved(path: &str, query: &str) -> HttpResponse {
    let location = if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    };
    HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, location))
        .insert_header((header::CACHE_CONTROL, Freshness::Public.cache_control()))
        .insert_header((header::VARY, VARY))
        .finish()
}

/// Whether `If-None-Match` names `tag`; weak comparison (RFC 9110, section 13.1.2).
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = tag.trim_start_matches("W/");
    headers
        .get_all(header::IF_NONE_MATCH)
        .filter_map(|value| value.to_str().ok())
        // Our tags hold no comma, so splitting is enough to recognise them.
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == opaque)
}

#[cfg(test)]
mod tests {
    use actix_web::ResponseError as _;
    use actix_web::http::header::{HeaderMap, HeaderValue, IF_NONE_MATCH};

    use super::{KEPT_ROOM, ROOM, Rendered, is_known};

    #[test]
    fn answers_do_not_share_the_room_they_were_written_in() {
        let long = "가".repeat(KEPT_ROOM);
        let texts = [long.as_str(), "나", long.as_str()];
        let answers = texts.map(|text| Rendered::json(&text).unwrap());
        for (answer, text) in answers.iter().zip(texts) {
            assert_eq!(answer.body, format!("\"{text}\""));
        }
        assert_eq!(answers[0].tag, answers[2].tag);
        assert_ne!(answers[0].tag, answers[1].tag);
        ROOM.with_borrow(|room| assert!(room.capacity() <= KEPT_ROOM));
    }

    #[test]
    fn what_has_no_json_form_is_our_fault_and_spoils_nothing() {
        let broken = std::collections::BTreeMap::from([((1, 2), "a key that is no text")]);
        let problem = Rendered::json(&broken).unwrap_err();
        assert_eq!(problem.status_code(), 500);
        assert_eq!(Rendered::json(&[1]).unwrap().body, "[1]");
    }

    #[test]
    fn tags_are_compared_weakly() {
        for (value, expected) in [
            ("W/\"a\"", true),
            ("\"a\"", true),
            ("\"b\", W/\"a\"", true),
            ("*", true),
            ("W/\"b\"", false),
            ("a", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, HeaderValue::from_static(value));
            assert_eq!(is_known(&headers, "W/\"a\""), expected, "{value}");
        }
        assert!(!is_known(&HeaderMap::new(), "W/\"a\""));
    }
}
