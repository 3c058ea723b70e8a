//! Names in the one form that identities are keyed by.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// NFC, trimmed, every run of white space (U+3000 and NBSP too) one space, without characters that
/// have no width: two names that look alike must be alike. What is tidy already, as every stored name
/// is, costs one look at each character and no memory.
pub(crate) fn tidy(text: &str) -> Cow<'_, str> {
    if is_tidy(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(tidied(text))
    }
}

/// Whether nothing would change. A text that only might be NFC is taken for one that would.
fn is_tidy(text: &str) -> bool {
    let mut is_plain = true;
    // As if a space stood before it: a text begins with none.
    let mut last = ' ';
    for c in text.chars() {
        match c {
            ' ' if last == ' ' => return false,
            // Neither is ever changed nor joined to what stands before it.
            ' '..='~' | '가'..='힣' => {}
            _ if c.is_whitespace() || is_unseen(c) => return false,
            _ => is_plain = false,
        }
        last = c;
    }
    (text.is_empty() || last != ' ')
        && (is_plain || is_nfc_quick(text.chars()) == IsNormalized::Yes)
}

fn tidied(text: &str) -> String {
    let seen: String = text.chars().filter(|c| !is_unseen(*c)).collect();
    let mut tidy = String::with_capacity(seen.len());
    for word in seen.split_whitespace() {
        if !tidy.is_empty() {
            tidy.push(' ');
        }
        tidy.extend(word.nfc());
    }
    tidy
}

/// Zero-width characters that mean nothing in Korean, marks that turn the direction of writing (they
/// could show `01` for `10`), the Hangul filler, the byte order mark, and control characters that are
/// no white space.
pub(crate) fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}'
            | '\u{3164}'
            | '\u{FEFF}'
            | '\u{AD}'
    ) || (c.is_control() && !c.is_whitespace())
}

/// The name that an ingredient's identity is keyed by: NFC, trimmed, white space made single.
/// Nothing else is folded: `아세트아미노펜` and `아세트아미노펜과립` are two ingredients.
///
/// ```
/// assert_eq!(domain::catalogue::canonical_ingredient_name(" 레몬향\u{3000} 502904A "), "레몬향 502904A");
/// ```
#[must_use]
pub fn canonical_ingredient_name(name: &str) -> Cow<'_, str> {
    tidy(name)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::{canonical_ingredient_name, tidied, tidy};

    #[test]
    fn one_name_one_key() {
        let decomposed: String = "포도당".nfd().collect();
        assert_ne!(decomposed, "포도당");
        assert_eq!(canonical_ingredient_name(&decomposed), "포도당");
        assert_eq!(
            canonical_ingredient_name("\u{FEFF}천연베리향\u{A0}\u{A0}624691\n"),
            "천연베리향 624691"
        );
        assert_eq!(canonical_ingredient_name(" \u{3000}"), "");
    }

    #[test]
    fn what_is_tidy_is_taken_as_it_stands() {
        for name in [
            "",
            "아세트아미노펜",
            "천연베리향 624691",
            "β-카로틴",
            "é",
            "~",
        ] {
            assert!(
                matches!(tidy(name), Cow::Borrowed(same) if same == name),
                "{name}"
            );
        }
        for name in [
            " ",
            " 가",
            "가 ",
            "가  나",
            "가\u{A0}나",
            "가\n나",
            "가\u{200B}",
            "가\u{11A8}",
            "e\u{301}",
            "\u{7F}",
        ] {
            assert!(matches!(tidy(name), Cow::Owned(_)), "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn the_short_way_ends_where_the_long_one_does(
            text in "([ -~]|[가-힣ᄀ-ᇿ]|[à-ɏ\u{300}-\u{36F}]|[\u{A0}\u{AD}\u{200B}\u{3000}\u{3164}\u{212B}]|\\PC| ){0,12}",
        ) {
            let long = tidied(&text);
            prop_assert_eq!(&*tidy(&text), long.as_str());
            prop_assert_eq!(&*tidy(&long), long.as_str());
        }
    }
}
