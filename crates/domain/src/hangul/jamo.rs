//! Syllables and their letters (jamo), by the arithmetic of the Unicode Standard, chapter 3.12.
//!
//! The 11,172 modern syllables stand in order of initial, vowel, final, so that a syllable's
//! number is `(initial × 21 + vowel) × 28 + final`: taking apart and putting together are two
//! divisions or two multiplications, without a table. A letter that stands alone is written with
//! the *compatibility* block (U+3131 …), as keyboards do; the *conjoining* block (U+1100 …) is what
//! a decomposed text (NFD, from macOS file names for example) holds.

/// The first syllable, 가.
const SYLLABLE_BASE: u32 = 0xAC00;
/// Vowels in an initial's block.
const VOWELS: u32 = 21;
/// Finals in a vowel's block, "none" included.
const FINALS: u32 = 28;
/// Initials.
const INITIALS: u32 = 19;
/// First conjoining initial, vowel, and the slot before the first final.
const CONJOINING: (u32, u32, u32) = (0x1100, 0x1161, 0x11A7);

/// The initials in Unicode's order, as they stand alone.
const INITIAL_LETTERS: [char; 19] = [
    'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ',
    'ㅌ', 'ㅍ', 'ㅎ',
];
/// The finals in Unicode's order without "none", as they stand alone.
const FINAL_LETTERS: [char; 27] = [
    'ㄱ', 'ㄲ', 'ㄳ', 'ㄴ', 'ㄵ', 'ㄶ', 'ㄷ', 'ㄹ', 'ㄺ', 'ㄻ', 'ㄼ', 'ㄽ', 'ㄾ', 'ㄿ', 'ㅀ', 'ㅁ',
    'ㅂ', 'ㅄ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ',
];

/// The letters of one syllable, each as the compatibility letter that stands for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Letters {
    /// The consonant that begins the syllable.
    pub initial: char,
    /// The vowel, compound ones (`ㅘ`) as one letter.
    pub vowel: char,
    /// The closing consonant, double ones (`ㄳ`) as one letter.
    pub last: Option<char>,
}

/// Takes a whole syllable apart; `None` for anything else. O(1).
#[must_use]
pub fn decompose(syllable: char) -> Option<Letters> {
    let number = u32::from(syllable).checked_sub(SYLLABLE_BASE)?;
    if number >= INITIALS * VOWELS * FINALS {
        return None;
    }
    let initial = letter(&INITIAL_LETTERS, number / (VOWELS * FINALS))?;
    let vowel = char::from_u32(u32::from('ㅏ') + number / FINALS % VOWELS)?;
    let last = (number % FINALS)
        .checked_sub(1)
        .and_then(|at| letter(&FINAL_LETTERS, at));
    Some(Letters {
        initial,
        vowel,
        last,
    })
}

/// Puts a syllable together of compatibility letters; `None` where one of them cannot stand
/// there (`ㄸ` as a final, `ㄳ` as an initial, a consonant as a vowel). O(1): three scans of at
/// most 27 letters.
#[must_use]
pub fn compose(letters: Letters) -> Option<char> {
    let initial = index(&INITIAL_LETTERS, letters.initial)?;
    let vowel = u32::from(letters.vowel)
        .checked_sub(u32::from('ㅏ'))
        .filter(|at| *at < VOWELS)?;
    let last = match letters.last {
        Some(letter) => index(&FINAL_LETTERS, letter)? + 1,
        None => 0,
    };
    char::from_u32(SYLLABLE_BASE + (initial * VOWELS + vowel) * FINALS + last)
}

/// Whether the character is one of the 11,172 whole syllables.
#[must_use]
pub const fn is_syllable(c: char) -> bool {
    matches!(c, '가'..='힣')
}

/// Whether the character is a modern compatibility letter (`ㄱ` … `ㅣ`).
#[must_use]
pub const fn is_letter(c: char) -> bool {
    matches!(c, 'ㄱ'..='ㅣ')
}

/// Whether the character is a vowel that stands alone.
#[must_use]
pub const fn is_vowel(c: char) -> bool {
    matches!(c, 'ㅏ'..='ㅣ')
}

/// The compatibility letter of a modern conjoining one (U+1100 …, U+1161 …, U+11A8 …); `None` for
/// anything else, letters of old Korean included. O(1).
#[must_use]
pub fn to_compatibility(conjoining: char) -> Option<char> {
    let code = u32::from(conjoining);
    let (initial, vowel, last) = CONJOINING;
    if let Some(at) = code.checked_sub(last + 1).filter(|at| *at < FINALS - 1) {
        return letter(&FINAL_LETTERS, at);
    }
    if let Some(at) = code.checked_sub(vowel).filter(|at| *at < VOWELS) {
        return char::from_u32(u32::from('ㅏ') + at);
    }
    letter(&INITIAL_LETTERS, code.checked_sub(initial)?)
}

/// Where in a syllable a conjoining letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// At the beginning (U+1100 …).
    Initial,
    /// In the middle (U+1161 …).
    Vowel,
    /// At the end (U+11A8 …).
    Last,
}

/// The conjoining letter of a compatibility one for a place; `None` where it cannot stand there.
/// O(1).
#[must_use]
pub fn to_conjoining(letter: char, place: Place) -> Option<char> {
    let (initial, vowel, last) = CONJOINING;
    let code = match place {
        Place::Initial => initial + index(&INITIAL_LETTERS, letter)?,
        Place::Vowel if is_vowel(letter) => vowel + (u32::from(letter) - u32::from('ㅏ')),
        Place::Vowel => return None,
        Place::Last => last + 1 + index(&FINAL_LETTERS, letter)?,
    };
    char::from_u32(code)
}

/// The two letters of a compound one: vowels (`ㅘ` = ㅗ, ㅏ) and double finals (`ㄳ` = ㄱ, ㅅ), in
/// the order in which they are typed. `None` for simple letters; `ㄲ` and `ㅆ` are simple: they
/// have keys of their own. O(1).
#[must_use]
pub const fn split(letter: char) -> Option<(char, char)> {
    Some(match letter {
        'ㅘ' => ('ㅗ', 'ㅏ'),
        'ㅙ' => ('ㅗ', 'ㅐ'),
        'ㅚ' => ('ㅗ', 'ㅣ'),
        'ㅝ' => ('ㅜ', 'ㅓ'),
        'ㅞ' => ('ㅜ', 'ㅔ'),
        'ㅟ' => ('ㅜ', 'ㅣ'),
        'ㅢ' => ('ㅡ', 'ㅣ'),
        'ㄳ' => ('ㄱ', 'ㅅ'),
        'ㄵ' => ('ㄴ', 'ㅈ'),
        'ㄶ' => ('ㄴ', 'ㅎ'),
        'ㄺ' => ('ㄹ', 'ㄱ'),
        'ㄻ' => ('ㄹ', 'ㅁ'),
        'ㄼ' => ('ㄹ', 'ㅂ'),
        'ㄽ' => ('ㄹ', 'ㅅ'),
        'ㄾ' => ('ㄹ', 'ㅌ'),
        'ㄿ' => ('ㄹ', 'ㅍ'),
        'ㅀ' => ('ㄹ', 'ㅎ'),
        'ㅄ' => ('ㅂ', 'ㅅ'),
        _ => return None,
    })
}

/// The compound letter of two, the inverse of [`split`]. O(1).
#[must_use]
pub fn join(first: char, second: char) -> Option<char> {
    const COMPOUND: [char; 18] = [
        'ㅘ', 'ㅙ', 'ㅚ', 'ㅝ', 'ㅞ', 'ㅟ', 'ㅢ', 'ㄳ', 'ㄵ', 'ㄶ', 'ㄺ', 'ㄻ', 'ㄼ', 'ㄽ', 'ㄾ',
        'ㄿ', 'ㅀ', 'ㅄ',
    ];
    COMPOUND
        .into_iter()
        .find(|compound| split(*compound) == Some((first, second)))
}

/// Whether a consonant may close a syllable (all but ㄸ, ㅃ, ㅉ).
#[must_use]
pub fn may_close(letter: char) -> bool {
    FINAL_LETTERS.contains(&letter)
}

fn letter(letters: &[char], at: u32) -> Option<char> {
    letters.get(usize::try_from(at).ok()?).copied()
}

fn index(letters: &[char], letter: char) -> Option<u32> {
    u32::try_from(letters.iter().position(|known| *known == letter)?).ok()
}

#[cfg(test)]
mod tests {
    use super::{
        Letters, Place, compose, decompose, is_syllable, join, split, to_compatibility,
        to_conjoining,
    };

    #[test]
    fn every_syllable_survives() {
        let mut seen = 0;
        for syllable in '가'..='힣' {
            let letters = decompose(syllable).unwrap();
            assert_eq!(compose(letters), Some(syllable));
            seen += 1;
        }
        assert_eq!(seen, 11_172);
        assert_eq!(decompose('ㄱ'), None);
        assert_eq!(decompose('a'), None);
        assert!(!is_syllable('\u{D7A4}'));
    }

    #[test]
    fn known_syllables() {
        let letters = |initial, vowel, last| Letters {
            initial,
            vowel,
            last,
        };
        assert_eq!(decompose('넋'), Some(letters('ㄴ', 'ㅓ', Some('ㄳ'))));
        assert_eq!(decompose('꽤'), Some(letters('ㄲ', 'ㅙ', None)));
        assert_eq!(compose(letters('ㄱ', 'ㅏ', Some('ㄸ'))), None);
        assert_eq!(compose(letters('ㄳ', 'ㅏ', None)), None);
        assert_eq!(compose(letters('ㄱ', 'ㄴ', None)), None);
    }

    #[test]
    fn blocks_of_letters_translate_both_ways() {
        for letter in 'ㄱ'..='ㅣ' {
            for place in [Place::Initial, Place::Vowel, Place::Last] {
                if let Some(conjoining) = to_conjoining(letter, place) {
                    assert_eq!(to_compatibility(conjoining), Some(letter));
                }
            }
        }
        assert_eq!(to_conjoining('ㅘ', Place::Vowel), Some('\u{116A}'));
        assert_eq!(to_conjoining('ㄸ', Place::Last), None);
        assert_eq!(to_compatibility('\u{1113}'), None);
    }

    #[test]
    fn compounds_join_what_they_split() {
        let compounds = ('ㄱ'..='ㅣ').filter_map(|letter| split(letter).map(|pair| (letter, pair)));
        let mut seen = 0;
        for (letter, (first, second)) in compounds {
            assert_eq!(join(first, second), Some(letter));
            seen += 1;
        }
        assert_eq!(seen, 18);
        assert_eq!(join('ㄱ', 'ㄱ'), None);
    }
}
