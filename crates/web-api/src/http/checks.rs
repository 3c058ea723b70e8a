//! What people write, checked: plain text in NFC, addresses, days. All faults of a body are told at once.

use chrono::{Datelike as _, NaiveDate};
use unicode_normalization::UnicodeNormalization as _;
use url::Url;

use super::problem::{FieldError, Problem};
use super::problem_texts::Message;

/// Characters of an address, at most.
const LONGEST_URL: usize = 500;

/// Whether a text may have several lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lines {
    /// One.
    One,
    /// Several, each ended by a line feed.
    Many,
}

/// Checks fields one by one.
#[derive(Debug, Default)]
pub(crate) struct Checks(Vec<FieldError>);

impl Checks {
    /// Notes that a field is not as it has to be.
    pub(crate) fn refuse(&mut self, field: &str, message: Message) {
        let field = field.to_owned();
        self.0.push(FieldError { field, message });
    }

    /// A text of 1 to `most` characters.
    pub(crate) fn text(&mut self, field: &str, text: &str, most: usize, lines: Lines) -> String {
        let text: String = text.nfc().collect();
        let text = text.trim();
        let message = if text.is_empty() {
            Message::Required
        } else if text.chars().any(|one| is_hidden(one, lines)) {
            Message::ControlCharacter
        } else if text.chars().nth(most).is_some() {
            Message::TooLong(most)
        } else {
            return text.to_owned();
        };
        self.refuse(field, message);
        String::new()
    }

    /// An address that a browser may fetch from our pages without being listened to.
    pub(crate) fn url(&mut self, field: &str, text: Option<&str>) -> Option<String> {
        let text = text?;
        let url = Url::parse(text).ok().filter(|url| {
            url.scheme() == "https"
                && url.has_host()
                && url.username().is_empty()
                && url.password().is_none()
        });
        let url = url.map(String::from).filter(|url| url.len() <= LONGEST_URL);
        if url.is_none() {
            self.refuse(field, Message::HttpsUrl(LONGEST_URL));
        }
        url
    }

    /// A day.
    pub(crate) fn day(&mut self, field: &str, text: &str) -> Option<NaiveDate> {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        let day = day.filter(|day| text.len() == 10 && (2000..2100).contains(&day.year()));
        if day.is_none() {
            self.refuse(field, Message::Day);
        }
        day
    }

    /// What was checked, all of which is there unless a fault was noted.
    ///
    /// # Errors
    /// 422 with all faults.
    pub(crate) fn finish_with<T>(self, checked: Option<T>) -> Result<T, Problem> {
        match checked {
            Some(checked) if self.0.is_empty() => Ok(checked),
            _ => Err(Problem::invalid(self.0)),
        }
    }

    /// Every fault that was noted.
    ///
    /// # Errors
    /// 422 with all of them.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Problem::invalid(self.0))
        }
    }
}

/// Controls, and what makes a text read otherwise than it is stored (the directional overrides of
/// Unicode, UAX #9).
fn is_hidden(one: char, lines: Lines) -> bool {
    let line = one == '\n' && lines == Lines::Many;
    (one.is_control() && !line)
        || matches!(one, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::{Checks, Lines};

    #[test]
    fn texts_are_plain_and_normal() {
        let mut checks = Checks::default();
        // Decomposed on the left.
        let one = checks.text("a", " \u{1100}\u{1161}\u{11ab} ", 1, Lines::One);
        assert_eq!(one, "\u{ac04}");
        assert_eq!(checks.text("a", "1\n2", 3, Lines::Many), "1\n2");
        assert!(checks.finish().is_ok());
        for (text, lines) in [
            ("", Lines::One),
            (" ", Lines::One),
            ("1\n2", Lines::One),
            ("1\u{0}", Lines::Many),
            ("1\u{202e}2", Lines::Many),
            ("1234", Lines::One),
        ] {
            let mut checks = Checks::default();
            checks.text("a", text, 3, lines);
            assert!(checks.finish().is_err(), "{text:?}");
        }
    }

    #[test]
    fn addresses_are_encrypted_and_days_are_whole() {
        let mut checks = Checks::default();
        let url = checks.url("a", Some("https://example.com/a?b=c"));
        assert_eq!(url.as_deref(), Some("https://example.com/a?b=c"));
        assert_eq!(checks.url("a", None), None);
        assert!(checks.day("a", "2028-02-29").is_some());
        assert!(checks.finish().is_ok());
        for text in [
            "http://example.com",
            "//example.com",
            "javascript:alert(1)",
            "https://a:b@example.com",
            "https://",
            "",
        ] {
            let mut checks = Checks::default();
            checks.url("a", Some(text));
            assert!(checks.finish().is_err(), "{text}");
        }
        for text in [
            "2026-02-29",
            "2026-3-2",
            "26-03-02",
            "1999-12-31",
            "+2026-1-1",
            "",
        ] {
            let mut checks = Checks::default();
            checks.day("a", text);
            assert!(checks.finish().is_err(), "{text}");
        }
    }
}
