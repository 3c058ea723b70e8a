//! One form for texts and for what people type.

use unicode_normalization::UnicodeNormalization;

/// Makes texts comparable: NFD like NFC, full-width like half-width, ㎎ like mg, any case; without
/// spaces, brackets and invisible characters.
///
/// Applying it twice changes nothing. The result holds no control character, so that `\n` can
/// separate texts in one buffer.
pub(crate) fn normalise(text: &str) -> String {
    // Characters are dropped before the last composition: what becomes neighbours by that composes.
    text.nfkc()
        .flat_map(char::to_lowercase)
        .nfkc()
        .filter(|&c| !is_ignored(c))
        .nfc()
        .collect()
}

/// Whether a character carries no meaning in a search.
fn is_ignored(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_bracket(c) || is_invisible(c)
}

fn is_bracket(c: char) -> bool {
    matches!(
        c,
        '(' | ')'
            | '['
            | ']'
            | '{'
            | '}'
            | '<'
            | '>'
            | '\u{27e8}'..='\u{27eb}'
            | '\u{2329}'
            | '\u{232a}'
            | '\u{3008}'..='\u{3011}'
            | '\u{3014}'..='\u{301b}'
    )
}

/// Format characters that come along when text is copied from pages and documents.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::normalise;

    #[test]
    fn forms_of_one_name_are_one() {
        let expected = "타이레놀정500mg";
        for text in [
            "타이레놀정500mg",
            " 타이레놀정 500 MG ",
            "타이레놀정(500㎎)",
            "타이레놀정［５００ｍｇ］",
            "타이레놀정\u{200b}500mg\u{feff}",
        ] {
            assert_eq!(normalise(text), expected, "{text:?}");
            assert_eq!(normalise(&text.nfd().collect::<String>()), expected);
        }
    }

    #[test]
    fn nothing_is_left_of_noise() {
        assert_eq!(normalise(" ()[] \u{200b}\t「」"), "");
    }

    proptest! {
        #[test]
        fn is_idempotent_and_free_of_separators(text in any::<String>()) {
            let once = normalise(&text);
            prop_assert!(!once.contains('\n'));
            prop_assert_eq!(normalise(&once), once);
        }

        #[test]
        fn composition_does_not_matter(text in any::<String>()) {
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(normalise(&decomposed), normalise(&text));
        }
    }
}
