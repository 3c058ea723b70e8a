//! The name that others see.

mod reserved;

use std::fmt;
use std::str::FromStr;

use unicode_normalization::UnicodeNormalization;

/// Fewest characters.
const SHORTEST: usize = 2;
/// Most characters.
const LONGEST: usize = 12;
/// Longer than any spelling of twelve characters (three conjoining letters of three bytes each).
const LONGEST_INPUT: usize = 12 * 9 + 32;

/// 2 to 12 characters (api.md, `POST /users`): Hangul, Latin letters without accents, digits, and
/// between them single spaces, `.`, `_` or `-`.
///
/// # What a character is
/// The text is brought to NFC first, so a syllable that a Mac sends as three conjoining letters is one
/// character. Every character that is allowed is then one code point *and* one grapheme: counting
/// either gives the same, and no table of a Unicode version decides whether a name is valid.
///
/// # Why a list of what is allowed
/// Control characters, zero-width ones, marks that turn the direction of writing, accents piled up and
/// letters of other scripts that look like these (Cyrillic `а`) are all refused by not being listed:
/// two nicknames that look alike are alike. To allow more later breaks nobody; to allow less would.
///
/// # Who may not be imitated
/// See [`NicknameError::Reserved`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Nickname(String);

/// Why a text is not a nickname.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NicknameError {
    /// Fewer than 2 characters or more than 12.
    #[error("a nickname has 2 to 12 characters")]
    Length,
    /// A character that isn't on the list.
    #[error("a nickname is made of Hangul, Latin letters a–z and digits")]
    Character,
    /// A space, `.`, `_` or `-` at an end or beside another one.
    #[error("in a nickname a space, '.', '_' or '-' stands alone between two letters or digits")]
    Separator,
    /// Could be taken for the staff, a health professional, the ministry or the service itself, also
    /// in loose letters (ㅇㅜㄴ영자), with separators (관.리.자) or digits for letters (adm1n).
    #[error("a nickname can't look like the staff's, a health professional's or the service's")]
    Reserved,
}

impl Nickname {
    /// The text to show.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What has to be unique: two nicknames of one key would be read as the same person. Case and
    /// separators don't count (`Haneul_7`, `haneul 7`).
    #[must_use]
    pub fn key(&self) -> String {
        self.0
            .chars()
            .filter(|c| !is_separator(*c))
            .map(|c| c.to_ascii_lowercase())
            .collect()
    }
}

impl FromStr for Nickname {
    type Err = NicknameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > LONGEST_INPUT {
            return Err(NicknameError::Length);
        }
        let name: String = text.trim_matches(' ').nfc().collect();
        if !(SHORTEST..=LONGEST).contains(&name.chars().count()) {
            return Err(NicknameError::Length);
        }
        let mut after_separator = true;
        for c in name.chars() {
            let separator = is_separator(c);
            if !separator && !is_letter(c) {
                return Err(NicknameError::Character);
            }
            if separator && after_separator {
                return Err(NicknameError::Separator);
            }
            after_separator = separator;
        }
        if after_separator {
            return Err(NicknameError::Separator);
        }
        if reserved::looks_reserved(&name) {
            return Err(NicknameError::Reserved);
        }
        Ok(Self(name))
    }
}

impl fmt::Debug for Nickname {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nickname(…)")
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '.' | '_' | '-')
}

/// Loose letters (ㅋㅋ) count as Hangul; U+3164, which is blank, and the old letters after it don't.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '가'..='힣' | 'ㄱ'..='ㅣ')
}
