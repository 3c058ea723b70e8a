//! Keystroke strings: one byte for each key of the Korean standard keyboard (두벌식, KS X 5002).
//!
//! # The idea
//! An input method shows a text as it is being typed: `ㅌ`, `타`, `탕`?, `타이`, `타일`, `타이레`.
//! What it shows changes shape, what was *typed* only grows. So a text is turned into the keys that
//! type it, and every half-typed form of a name becomes a plain **prefix** of the name's keys,
//! beginning at a syllable's border, and comparing is `memcmp`:
//!
//! | typed so far | keys | name | keys |
//! |---|---|---|---|
//! | `타일`, `타이ㄹ` | `xkdlf` | 타이레놀 | `xkdlfpshf` |
//! | `닭` (double final, the second is the next initial) | `ekfr` | 달걀 | `ekfrif` |
//! | `고` (compound vowel to come) | `rh` | 과일 | `rhkdlf` |
//! | `갑` (double final to come) | `rkq` | 값 | `rkqt` |
//!
//! Nothing is lost: in whole syllables every initial is exactly one key and is the only consonant
//! key directly before a vowel key, so a key string reads back in one way only: two different
//! texts of whole syllables never share a key string. Lone letters are not so lucky: `ㅗㅏ` and
//! `ㅘ`, `ㄳ` and `ㄱㅅ`, `탕ㄹ` and `타ㅇㄹ` are equal, which is what a search wants.
//!
//! # Where it doesn't reach
//! - Only 두벌식. On telephone keyboards (천지인, 나랏글) a letter on its way is another letter: ㄱ
//!   on its way to ㄲ or ㅋ, ㅣ on its way to ㅏ. For one stroke a name may vanish from the
//!   suggestions, until the letter is complete.
//! - A query whose last syllable *is* complete also finds names where its final is the next
//!   initial (`달` finds 다리). That is wanted while typing; whole-syllable matches rank first.
//!
//! # The bytes
//! - A key is its letter on a QWERTY keyboard with the high bit set (`ㅌ` = `x` + 0x80, shifted
//!   keys as capitals: `ㄲ` = `R` + 0x80): 0xC1 to 0xFA. Clearing the bit *is* the conversion of the
//!   keyboard layout.
//! - ASCII stands for itself, below 0x80.
//! - Any other character: 0xFB and four bytes of six bits each (0x80 to 0xBF).
//!
//! The three ranges don't touch, so code that works on keys can tell at any byte what it sees.

use super::jamo::{self, Letters};

/// Set in every byte that is a Hangul key.
pub const HANGUL_BIT: u8 = 0x80;
/// First byte of a character that is neither Hangul nor ASCII.
const OTHER: u8 = 0xFB;
/// Most keys that one character takes: three letters of which two are double.
const MOST_KEYS: usize = 5;

/// The keys of one character: at most five bytes, no allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CharKeys {
    bytes: [u8; MOST_KEYS],
    length: u8,
}

impl CharKeys {
    const EMPTY: Self = Self {
        bytes: [0; MOST_KEYS],
        length: 0,
    };

    fn push(&mut self, byte: u8) {
        if let Some(free) = self.bytes.get_mut(usize::from(self.length)) {
            *free = byte;
            self.length += 1;
        }
    }

    fn push_letter(&mut self, letter: char) {
        match jamo::split(letter) {
            Some((first, second)) => {
                self.push(key(first).unwrap_or(OTHER));
                self.push(key(second).unwrap_or(OTHER));
            }
            None => self.push(key(letter).unwrap_or(OTHER)),
        }
    }

    /// The bytes.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        self.bytes
            .get(..usize::from(self.length))
            .unwrap_or_default()
    }
}

impl IntoIterator for CharKeys {
    type Item = u8;
    type IntoIter = std::iter::Take<std::array::IntoIter<u8, MOST_KEYS>>;

    fn into_iter(self) -> Self::IntoIter {
        self.bytes.into_iter().take(usize::from(self.length))
    }
}

/// The keys of one character; conjoining letters (NFD) give the same keys as the syllable they
/// make. O(1).
#[must_use]
pub fn of_char(c: char) -> CharKeys {
    let mut keys = CharKeys::EMPTY;
    if c.is_ascii() {
        keys.push(u8::try_from(u32::from(c)).unwrap_or(b'?'));
    } else if let Some(Letters {
        initial,
        vowel,
        last,
    }) = jamo::decompose(c)
    {
        keys.push_letter(initial);
        keys.push_letter(vowel);
        if let Some(last) = last {
            keys.push_letter(last);
        }
    } else if jamo::is_letter(c) {
        keys.push_letter(c);
    } else if let Some(letter) = jamo::to_compatibility(c) {
        keys.push_letter(letter);
    } else {
        keys.push(OTHER);
        for shift in [18, 12, 6, 0] {
            keys.push(0x80 | u8::try_from(u32::from(c) >> shift & 0x3F).unwrap_or(0));
        }
    }
    keys
}

/// The keys that type a text, lazily. O(n), no allocation.
pub fn of_text(text: &str) -> impl Iterator<Item = u8> {
    text.chars().flat_map(of_char)
}

/// Appends the keys of a text to a buffer, for many names in one arena. O(n).
pub fn append(text: &str, to: &mut Vec<u8>) {
    to.extend(of_text(text));
}

/// The keys of a text in a buffer of its own. O(n).
#[must_use]
pub fn collect(text: &str) -> Vec<u8> {
    let mut keys = Vec::with_capacity(text.len());
    append(text, &mut keys);
    keys
}

/// The key of a simple letter (`None` for compound ones and for what isn't a letter).
#[must_use]
pub const fn key(letter: char) -> Option<u8> {
    let latin = match letter {
        'ㄱ' => b'r',
        'ㄲ' => b'R',
        'ㄴ' => b's',
        'ㄷ' => b'e',
        'ㄸ' => b'E',
        'ㄹ' => b'f',
        'ㅁ' => b'a',
        'ㅂ' => b'q',
        'ㅃ' => b'Q',
        'ㅅ' => b't',
        'ㅆ' => b'T',
        'ㅇ' => b'd',
        'ㅈ' => b'w',
        'ㅉ' => b'W',
        'ㅊ' => b'c',
        'ㅋ' => b'z',
        'ㅌ' => b'x',
        'ㅍ' => b'v',
        'ㅎ' => b'g',
        'ㅏ' => b'k',
        'ㅐ' => b'o',
        'ㅑ' => b'i',
        'ㅒ' => b'O',
        'ㅓ' => b'j',
        'ㅔ' => b'p',
        'ㅕ' => b'u',
        'ㅖ' => b'P',
        'ㅗ' => b'h',
        'ㅛ' => b'y',
        'ㅜ' => b'n',
        'ㅠ' => b'b',
        'ㅡ' => b'm',
        'ㅣ' => b'l',
        _ => return None,
    };
    Some(latin | HANGUL_BIT)
}

/// The letter of a key, the inverse of [`key`]; capitals without a letter of their own give the
/// letter of the small one, as the keyboard does.
#[must_use]
pub const fn letter(key: u8) -> Option<char> {
    if key & HANGUL_BIT == 0 {
        return None;
    }
    let latin = key & !HANGUL_BIT;
    let shifted = match latin {
        b'R' => 'ㄲ',
        b'E' => 'ㄸ',
        b'Q' => 'ㅃ',
        b'T' => 'ㅆ',
        b'W' => 'ㅉ',
        b'O' => 'ㅒ',
        b'P' => 'ㅖ',
        _ => '\0',
    };
    if shifted != '\0' {
        return Some(shifted);
    }
    Some(match latin.to_ascii_lowercase() {
        b'r' => 'ㄱ',
        b's' => 'ㄴ',
        b'e' => 'ㄷ',
        b'f' => 'ㄹ',
        b'a' => 'ㅁ',
        b'q' => 'ㅂ',
        b't' => 'ㅅ',
        b'd' => 'ㅇ',
        b'w' => 'ㅈ',
        b'c' => 'ㅊ',
        b'z' => 'ㅋ',
        b'x' => 'ㅌ',
        b'v' => 'ㅍ',
        b'g' => 'ㅎ',
        b'k' => 'ㅏ',
        b'o' => 'ㅐ',
        b'i' => 'ㅑ',
        b'j' => 'ㅓ',
        b'p' => 'ㅔ',
        b'u' => 'ㅕ',
        b'h' => 'ㅗ',
        b'y' => 'ㅛ',
        b'n' => 'ㅜ',
        b'b' => 'ㅠ',
        b'm' => 'ㅡ',
        b'l' => 'ㅣ',
        _ => return None,
    })
}

/// Whether a byte of a key string is a Hangul key.
#[must_use]
pub const fn is_hangul(byte: u8) -> bool {
    matches!(byte, 0xC1..=0xFA)
}

/// Whether a byte of a key string is a vowel's key.
#[must_use]
pub const fn is_vowel(byte: u8) -> bool {
    is_hangul(byte)
        && matches!(
            byte & !HANGUL_BIT,
            b'k' | b'o'
                | b'i'
                | b'O'
                | b'j'
                | b'p'
                | b'u'
                | b'P'
                | b'h'
                | b'y'
                | b'n'
                | b'b'
                | b'm'
                | b'l'
        )
}

/// Whether a byte of a key string is a consonant's key.
#[must_use]
pub const fn is_consonant(byte: u8) -> bool {
    is_hangul(byte) && !is_vowel(byte)
}

/// Whether a syllable, a number or another character begins at a place of a key string, read from
/// at most three bytes, so that no table of borders has to be stored. O(1).
///
/// A number begins at its first digit only (`00` is not found in `500`, nor `5` in `0.5`); every latin letter is a
/// border, so that parts of English names can be found. Of lone consonants after a syllable
/// (`가ㄴㄷ`) none counts: they can't be told from finals; names don't hold them.
#[must_use]
pub fn is_border(keys: &[u8], at: usize) -> bool {
    let Some(byte) = keys.get(at).copied() else {
        return at == keys.len();
    };
    let Some(before) = at.checked_sub(1).and_then(|at| keys.get(at)).copied() else {
        return true;
    };
    if is_vowel(byte) {
        return !is_hangul(before);
    }
    if is_hangul(byte) {
        return !is_hangul(before) || keys.get(at + 1).copied().is_some_and(is_vowel);
    }
    if byte.is_ascii_digit() {
        return !before.is_ascii_digit() && before != b'.';
    }
    if byte == b'.' {
        return !before.is_ascii_digit();
    }
    !matches!(byte, 0x80..=0xBF)
}

#[cfg(test)]
mod tests {
    use super::{HANGUL_BIT, collect, is_border, key, letter};

    fn latin(text: &str) -> String {
        collect(text)
            .into_iter()
            .map(|byte| char::from(byte & !HANGUL_BIT))
            .collect()
    }

    #[test]
    fn keys_are_what_fingers_type() {
        assert_eq!(latin("타이레놀"), "xkdlfpshf");
        assert_eq!(latin("꽤앉값뭬의"), "Rhodkswrkqtanpdml");
        assert_eq!(latin("ㄳㅢ5%a"), "rtml5%a");
        assert_eq!(collect("한"), collect("\u{1112}\u{1161}\u{11AB}"), "NFD");
        assert_eq!(collect("알파"), collect("알파"));
        assert_ne!(collect("α"), collect("β"));
    }

    #[test]
    fn every_letter_has_its_key() {
        for c in 'ㄱ'..='ㅣ' {
            if let Some(byte) = key(c) {
                assert_eq!(letter(byte), Some(c));
            }
        }
        assert_eq!(letter(b'K' | HANGUL_BIT), Some('ㅏ'));
        assert_eq!(letter(b'r'), None);
    }

    #[test]
    fn borders_are_read_from_the_keys() {
        let borders = |text: &str| {
            let keys = collect(text);
            (0..keys.len())
                .filter(|at| is_border(&keys, *at))
                .collect::<Vec<_>>()
        };
        assert_eq!(borders("타이레놀"), [0, 2, 4, 6]);
        assert_eq!(borders("닭갈비"), [0, 4, 7]);
        assert_eq!(borders("과500mg정"), [0, 3, 6, 7, 8]);
        assert_eq!(borders("α정"), [0, 5]);
        assert_eq!(borders("ㅏ가"), [0, 1]);
    }
}
