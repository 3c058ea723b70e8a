//! What a message and a link may be.

use unicode_normalization::UnicodeNormalization;

/// Most bytes of one character in any spelling (NFD of a syllable takes 9).
const WIDEST: usize = 12;
/// Most bytes of a link.
const LONGEST_LINK: usize = 2_048;

/// Why a text or a link is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing to read.
    #[error("the text is empty")]
    Empty,
    /// More characters than allowed, in NFC.
    #[error("the text has more than {0} characters")]
    Long(usize),
    /// A control character other than a line break or a tab.
    #[error("the text holds a control character")]
    Control,
    /// Neither `https:`, `mailto:`, `tel:` nor a path of this service.
    #[error("a link is https:, mailto:, tel: or a path that begins with one '/'")]
    Link,
}

/// What somebody wrote as it is stored: NFC, `\n` for each line break, no white space at its ends, without
/// marks that turn the direction of writing (they come along with what is pasted, and can hide what a
/// text says). Doing it again changes nothing.
///
/// # Errors
/// When it is empty, longer than `longest` characters, or holds control characters.
pub fn written(raw: &str, longest: usize) -> Result<String, TextError> {
    if raw.len() > longest.saturating_mul(WIDEST) {
        return Err(TextError::Long(longest));
    }
    let text: String = raw
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}'], "\n")
        .chars()
        .filter(|&c| !turns(c))
        .nfc()
        .collect();
    if text.chars().any(is_control) {
        return Err(TextError::Control);
    }
    let text = text.trim();
    if text.chars().all(|c| c.is_whitespace() || is_unseen(c)) {
        return Err(TextError::Empty);
    }
    if text.chars().nth(longest).is_some() {
        return Err(TextError::Long(longest));
    }
    Ok(text.to_owned())
}

/// Checks where a link leads: `https://host…`, `mailto:…`, `tel:` and digits, or a path of this service
/// (`/…`, not `//…`, which would be another host).
///
/// # Errors
/// [`TextError::Link`] for everything else.
pub fn link(raw: &str) -> Result<&str, TextError> {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"\\<>\"`".contains(c);
    let host = |rest: &str| rest.chars().next().is_some_and(char::is_alphanumeric);
    let allowed = if let Some(rest) = raw.strip_prefix("https://") {
        // What stands before an @ looks like the host and isn't.
        host(rest)
            && !rest
                .split(['/', '?', '#'])
                .next()
                .unwrap_or("")
                .contains('@')
    } else if let Some(rest) = raw.strip_prefix("mailto:") {
        host(rest) && rest.contains('@')
    } else if let Some(rest) = raw.strip_prefix("tel:") {
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || c == '-')
    } else {
        raw.starts_with('/') && !raw.starts_with("//")
    };
    if allowed
        && raw.len() <= LONGEST_LINK
        && raw.chars().all(plain)
        && !raw.chars().any(|c| turns(c) || is_unseen(c))
    {
        Ok(raw)
    } else {
        Err(TextError::Link)
    }
}

fn is_control(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t'
}

fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Zero-width characters and Hangul fillers, which emoji need within a text.
pub(crate) fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{115f}' | '\u{1160}'
        | '\u{3164}' | '\u{ffa0}' | '\u{fe00}'..='\u{fe0f}')
}
