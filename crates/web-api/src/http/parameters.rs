//! Query parameters, read strictly: every fault is named, all of them at once.

use actix_web::HttpRequest;
use domain::catalogue::IdError;
use service_kit::problem::ProblemKind;
use unicode_normalization::UnicodeNormalization as _;

use super::problem::{FieldError, Problem};
use super::problem_texts::Message;

/// The query parameters of one request. Take what is known, then [`Parameters::finish`].
#[derive(Debug)]
pub(crate) struct Parameters {
    pairs: Vec<(String, String)>,
    errors: Vec<FieldError>,
    known: &'static [&'static str],
}

impl Parameters {
    /// Reads the query of `request`, whose route knows the parameters `known`.
    ///
    /// An unknown parameter is an error: a misspelt filter that is silently left out gives an answer
    /// to another question, which is worse than none.
    ///
    /// # Errors
    /// 400 where the encoding is broken: no parameter can be trusted then.
    pub(crate) fn read(
        request: &HttpRequest,
        known: &'static [&'static str],
    ) -> Result<Self, Problem> {
        let pairs = parse(request.query_string())?;
        let mut errors = Vec::new();
        for (at, (name, _)) in pairs.iter().enumerate() {
            let message = if !known.contains(&name.as_str()) {
                Message::Unknown(known)
            } else if pairs.iter().take(at).any(|(earlier, _)| earlier == name) {
                Message::Repeated
            } else {
                continue;
            };
            // What the client wrote comes back shortened, so that an answer stays small.
            push(&mut errors, name.chars().take(40).collect(), message);
        }
        Ok(Self {
            pairs,
            errors,
            known,
        })
    }

    /// The text of a parameter, as it was written.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        debug_assert!(self.known.contains(&name), "{name} is not declared");
        self.pairs
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Notes that a parameter is not as it has to be.
    pub(crate) fn refuse(&mut self, name: &str, message: Message) {
        push(&mut self.errors, name.to_owned(), message);
    }

    /// A whole number from..=to, `default` where it is absent.
    pub(crate) fn number(&mut self, name: &str, default: usize, to: usize) -> usize {
        let value = match self.text(name) {
            None => return default,
            // `parse` takes a sign; digits alone are what is documented.
            Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
            Some(_) => None,
        };
        match value {
            Some(number) if (1..=to).contains(&number) => number,
            _ => {
                let to = u64::try_from(to).unwrap_or(u64::MAX);
                self.refuse(name, Message::Range(1, to));
                default
            }
        }
    }

    /// One of a few words.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        name: &str,
        words: &'static [&'static str],
        values: &[T],
    ) -> Option<T> {
        let text = self.text(name)?;
        let found = words.iter().position(|word| *word == text);
        let value = found.and_then(|at| values.get(at)).copied();
        if value.is_none() {
            self.refuse(name, Message::OneOf(words));
        }
        value
    }

    /// Some of a few words, separated by commas.
    pub(crate) fn choices<T: Copy>(
        &mut self,
        name: &str,
        words: &'static [&'static str],
        values: &[T],
    ) -> Vec<T> {
        let Some(text) = self.text(name) else {
            return Vec::new();
        };
        let found: Option<Vec<T>> = text
            .split(',')
            .map(|one| {
                let at = words.iter().position(|word| *word == one.trim())?;
                values.get(at).copied()
            })
            .collect();
        found.unwrap_or_else(|| {
            self.refuse(name, Message::AnyOf(words));
            Vec::new()
        })
    }

    /// Which page, and how long one is.
    pub(crate) fn paging(&mut self) -> Paging {
        Paging {
            page: self.number("page", 1, 10_000),
            size: self.number("pageSize", 20, 100),
        }
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&mut self, name: &str) -> bool {
        match self.text(name) {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => {
                self.refuse(name, Message::Boolean);
                false
            }
        }
    }

    /// A text of at most `limit` characters without control characters. A character that is written
    /// as several code points (NFD) counts once.
    pub(crate) fn plain_text(&mut self, name: &str, limit: usize) -> Option<String> {
        let text = self.text(name)?.to_owned();
        if text.chars().any(char::is_control) {
            self.refuse(name, Message::ControlCharacter);
        } else if text.chars().nth(limit).is_some() && text.nfc().nth(limit).is_some() {
            self.refuse(name, Message::TooLong(limit));
        }
        Some(text)
    }

    /// Every fault that was noted.
    ///
    /// # Errors
    /// 422 with all of them.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Problem::invalid(self.errors))
        }
    }
}

/// A page of a list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paging {
    /// From 1.
    pub(crate) page: usize,
    /// Entries, at most.
    pub(crate) size: usize,
}

impl Paging {
    /// Entries of a page, as databases count.
    pub(crate) fn limit(self) -> i64 {
        i64::try_from(self.size).unwrap_or(i64::MAX)
    }

    /// Entries of the pages before.
    pub(crate) fn offset(self) -> i64 {
        let before = self.page.saturating_sub(1).saturating_mul(self.size);
        i64::try_from(before).unwrap_or(i64::MAX)
    }
}

/// The number of a row in the path.
///
/// # Errors
/// 422 where it is none.
pub(crate) fn row_id(request: &HttpRequest) -> Result<i64, Problem> {
    let text = request.match_info().get("id").unwrap_or_default();
    let whole = (1..=18).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && !text.starts_with('0');
    let id = text.parse().ok().filter(|_| whole);
    id.ok_or_else(|| Problem::invalid_field("id", Message::Id))
}

/// No answer lists more faults than this.
const MAX_ERRORS: usize = 20;

fn push(errors: &mut Vec<FieldError>, field: String, message: Message) {
    if errors.len() < MAX_ERRORS {
        errors.push(FieldError { field, message });
    }
}

/// An id in the path.
///
/// # Errors
/// 422 where it is none.
pub(crate) fn path_id<T: std::str::FromStr<Err = IdError>>(
    request: &HttpRequest,
) -> Result<T, Problem> {
    request
        .match_info()
        .get("id")
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Problem::invalid_field("id", Message::Id))
}

fn parse(query: &str) -> Result<Vec<(String, String)>, Problem> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name).map_err(|message| malformed("query", message))?;
            let value = decode(value).map_err(|message| {
                malformed(&name.chars().take(40).collect::<String>(), message)
            })?;
            Ok((name, value))
        })
        .collect()
}

fn malformed(field: &str, message: Message) -> Problem {
    Problem::new(ProblemKind::MalformedRequest)
        .with_detail(message.clone())
        .with_error(field, message)
}

/// Percent-decoding that refuses what is broken instead of passing it on.
pub(crate) fn decode(text: &str) -> Result<String, Message> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = bytes.next().and_then(hex).ok_or(Message::PercentEncoding)?;
                let low = bytes.next().and_then(hex).ok_or(Message::PercentEncoding)?;
                high << 4 | low
            }
            other => other,
        });
    }
    String::from_utf8(decoded).map_err(|_| Message::Utf8)
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Message, decode};

    #[test]
    fn broken_encodings_are_told_apart() {
        assert_eq!(decode("a+b%20%ED%83%80").as_deref(), Ok("a b 타"));
        assert_eq!(decode("%00").as_deref(), Ok("\0"));
        for text in ["%", "%4", "%zz", "%4z", "100%"] {
            assert_eq!(decode(text), Err(Message::PercentEncoding), "{text}");
        }
        // A stray byte, an overlong slash, a lone surrogate, a character cut short.
        for text in ["%ff", "%c0%af", "%ed%a0%80", "%ed%83"] {
            assert_eq!(decode(text), Err(Message::Utf8), "{text}");
        }
    }
}
