//! What a message and a link may be.

use unicode_normalization::UnicodeNormalization;

/// Most characters of a message (chat protocol).
pub const LONGEST: usize = 2_000;
/// Most bytes looked at: no spelling of 2,000 characters is longer (NFD of a syllable takes 9).
const LONGEST_INPUT: usize = LONGEST * 12;
/// Most bytes of a link.
const LONGEST_LINK: usize = 2_048;

/// Why a text or a link is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing to read.
    #[error("a message isn't empty")]
    Empty,
    /// More than 2,000 characters in NFC.
    #[error("a message has at most 2000 characters")]
    Length,
    /// A control character other than a line break or a tab, or a mark that turns the direction.
    #[error("a message has no control characters")]
    Control,
    /// Neither `https:`, `mailto:` nor a path of this service.
    #[error("a link is https:, mailto: or a path that begins with one '/'")]
    Link,
}

/// A message as it is stored: NFC, `\n` for each line break, no white space at its ends.
///
/// # Errors
/// When it is empty, longer than 2,000 characters, or holds control characters.
pub fn message(raw: &str) -> Result<String, TextError> {
    if raw.len() > LONGEST_INPUT {
        return Err(TextError::Length);
    }
    let text: String = raw
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .nfc()
        .collect();
    if text.chars().any(is_refused) {
        return Err(TextError::Control);
    }
    let text = text.trim();
    if text.chars().all(|c| c.is_whitespace() || is_unseen(c)) {
        return Err(TextError::Empty);
    }
    if text.chars().count() > LONGEST {
        return Err(TextError::Length);
    }
    Ok(text.to_owned())
}

/// Checks where a link leads: `https://host…`, `mailto:…`, or a path of this service (`/…`, not `//…`,
/// which would be another host).
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
    } else {
        raw.starts_with('/') && !raw.starts_with("//")
    };
    if allowed
        && raw.len() <= LONGEST_LINK
        && raw.chars().all(plain)
        && !raw.chars().any(is_refused)
    {
        Ok(raw)
    } else {
        Err(TextError::Link)
    }
}

fn is_refused(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// Zero-width characters and Hangul fillers, which emoji need within a text.
pub(super) fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{115f}' | '\u{1160}'
        | '\u{3164}' | '\u{ffa0}' | '\u{fe00}'..='\u{fe0f}')
}
