//! Names in the one form that identities are keyed by.

use unicode_normalization::UnicodeNormalization;

/// NFC, trimmed, every run of white space (U+3000 and NBSP too) one space, without characters that
/// have no width: two names that look alike must be alike.
pub(crate) fn tidy(text: &str) -> String {
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
pub fn canonical_ingredient_name(name: &str) -> String {
    tidy(name)
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::canonical_ingredient_name;

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
}
