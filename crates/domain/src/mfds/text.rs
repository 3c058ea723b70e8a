//! Single fields of text, cleaned.

use std::borrow::Cow;

use crate::catalogue::name::tidy;

/// A field on one line: NFC, white space made single; nothing where nothing is left.
pub(super) fn line(field: Option<&String>) -> Option<String> {
    Some(tidy(&decode(field?)).into_owned()).filter(|text| !text.is_empty())
}

/// A field of several lines: like [`line()`], line by line, with runs of blank lines made one and
/// none at either end.
pub(super) fn lines(field: Option<&String>) -> Option<String> {
    Some(tidy_lines(&decode(field?))).filter(|text| !text.is_empty())
}

/// Lines ended by `\n`, each trimmed with its white space made single; one blank line at most
/// between two that are not.
pub(super) fn tidy_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    let unified = text.replace("\r\n", "\n");
    for raw in unified.split(['\n', '\r', '\u{2028}', '\u{2029}', '\u{85}']) {
        let line = tidy(raw);
        if line.is_empty() {
            gap = !out.is_empty();
            continue;
        }
        if !out.is_empty() {
            out.push('\n');
            if gap {
                out.push('\n');
            }
        }
        gap = false;
        out.push_str(&line);
    }
    out
}

/// HTML entities to their characters, once; a lone `&` stays.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    html_escape::decode_html_entities(text)
}

/// Entities that were encoded more than once (`&amp;nbsp;`): decoded until none is left, but a few
/// times at most, so that no text can ask for endless work.
pub(super) fn decode_fully(text: &str) -> Cow<'_, str> {
    const ROUNDS: usize = 4;
    let mut decoded = decode(text);
    for _ in 1..ROUNDS {
        if !decoded.contains('&') {
            break;
        }
        let again = decode(&decoded).into_owned();
        if again == *decoded {
            break;
        }
        decoded = Cow::Owned(again);
    }
    decoded
}

/// An address; `HTTPS://HOST` in capitals gets a lower-case scheme and host, the path stays, for it
/// may be read with its case. Anything but an http(s) address without blanks is nothing.
pub(super) fn url(field: Option<&String>) -> Option<String> {
    let text = line(field)?;
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(scheme.as_str(), "http" | "https") || rest.chars().any(is_unsafe_in_url) {
        return None;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(end)?;
    (!host.is_empty()).then(|| format!("{scheme}://{}{path}", host.to_ascii_lowercase()))
}

/// What would let a text break out of an attribute or a log line.
fn is_unsafe_in_url(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '<' | '>' | '`' | '\\')
}

/// A text shortened for a message.
pub(super) fn shorten(text: &str) -> String {
    const LIMIT: usize = 120;
    let mut short: String = text.chars().take(LIMIT).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::{line, lines, url};

    #[test]
    fn cleans_lines() {
        assert_eq!(
            line(Some(&" 원탁정(수출명:권탁정,\u{3000}ACIDINO)  ".to_owned())).as_deref(),
            Some("원탁정(수출명:권탁정, ACIDINO)")
        );
        assert_eq!(line(Some(&" \u{A0}".to_owned())), None);
        assert_eq!(
            lines(Some(&"\n하나\u{A0}둘\r\n\r\n\n\n셋 \n넷\n".to_owned())).as_deref(),
            Some("하나 둘\n\n셋\n넷")
        );
    }

    #[test]
    fn lowers_scheme_and_host_only() {
        assert_eq!(
            url(Some(&"HTTPS://NEDRUG.MFDS.GO.KR/PBP/CMN/1Mxw".to_owned())).as_deref(),
            Some("https://nedrug.mfds.go.kr/PBP/CMN/1Mxw")
        );
        for bad in [
            "",
            "회적색의 원형",
            "javascript:alert(1)",
            "https://",
            "https://a/b c",
            "https://a/\"x",
        ] {
            assert_eq!(url(Some(&bad.to_owned())), None, "{bad}");
        }
    }
}
