//! What people type for a product: its brand, the beginning of it, its first letters, a slip.

/// First consonants of syllables, in Unicode's order.
const INITIALS: [char; 19] = [
    'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ',
    'ㅌ', 'ㅍ', 'ㅎ',
];
const FIRST_SYLLABLE: u32 = 0xAC00;
const SYLLABLES: u32 = 11_172;
/// Syllables that share their first consonant.
const BY_INITIAL: u32 = 588;
/// Syllables that share their first consonant and their vowel.
const BY_VOWEL: u32 = 28;

/// The name of a product as people say it: without strength and brackets.
pub(super) fn brand(name: &str) -> String {
    name.chars()
        .take_while(|&c| is_syllable(c) || c.is_ascii_alphabetic())
        .collect()
}

/// First consonants of the syllables.
pub(super) fn initials(text: &str) -> String {
    text.chars().filter_map(initial).collect()
}

/// The first `whole` syllables, and the first letter of the next one.
pub(super) fn half_typed(text: &str, whole: usize) -> String {
    let mut characters = text.chars();
    let begun: String = characters.by_ref().take(whole).collect();
    begun
        .chars()
        .chain(characters.next().and_then(initial))
        .collect()
}

/// The text with the vowel of one syllable next to what it was.
pub(super) fn slip(text: &str, at: usize) -> String {
    let wrong = |c: char| {
        let offset = offset(c)?;
        let vowel = offset % BY_INITIAL / BY_VOWEL;
        // The vowels are 21: the last one goes back.
        let other = if vowel == 20 {
            offset - BY_VOWEL
        } else {
            offset + BY_VOWEL
        };
        char::from_u32(FIRST_SYLLABLE + other)
    };
    text.chars()
        .enumerate()
        .map(|(index, c)| {
            if index == at {
                wrong(c).unwrap_or(c)
            } else {
                c
            }
        })
        .collect()
}

/// Whether it is a whole Hangul syllable.
pub(super) fn is_syllable(c: char) -> bool {
    offset(c).is_some()
}

fn offset(c: char) -> Option<u32> {
    u32::from(c)
        .checked_sub(FIRST_SYLLABLE)
        .filter(|&offset| offset < SYLLABLES)
}

fn initial(c: char) -> Option<char> {
    let index = usize::try_from(offset(c)? / BY_INITIAL).ok()?;
    INITIALS.get(index).copied()
}

/// Every byte percent-encoded. The bits of `spelling` choose between capitals and small letters for the hexadecimal
/// digits: addresses that differ, and mean the same. What is left of the bits comes back.
pub(super) fn encoded(text: &str, mut spelling: u32) -> (String, u32) {
    let mut out = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        out.push_str(&format!("%{byte:02X}"));
    }
    let respelt = out.chars().map(|c| {
        if !c.is_ascii_alphabetic() {
            return c;
        }
        let small = spelling & 1 == 1;
        spelling >>= 1;
        if small { c.to_ascii_lowercase() } else { c }
    });
    let out = respelt.collect();
    (out, spelling)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brand_ends_before_strength_and_brackets() {
        assert_eq!(brand("타이레놀정500밀리그램(아세트아미노펜)"), "타이레놀정");
        assert_eq!(brand("게보린(수출용)"), "게보린");
        assert_eq!(brand("(주)"), "");
    }

    #[test]
    fn words_are_typed_as_people_type_them() {
        assert_eq!(initials("타이레놀 a"), "ㅌㅇㄹㄴ");
        assert_eq!(half_typed("타이레놀", 2), "타이ㄹ");
        assert_eq!(half_typed("타이", 2), "타이");
        assert_eq!(slip("타이레놀", 2), "타이려놀");
        assert_eq!(slip("a", 0), "a");
    }

    #[test]
    fn spellings_differ_and_mean_the_same() {
        assert_eq!(encoded("가", 0), ("%EA%B0%80".to_owned(), 0));
        assert_eq!(encoded("가", 0b101), ("%eA%b0%80".to_owned(), 0));
        assert_eq!(encoded("가", 0b1000), ("%EA%B0%80".to_owned(), 1));
    }
}
