//! One spelling for what people and the ministry spell in many ways, each character knowing where
//! in the original text it came from.
//!
//! - NFC, so that decomposed text (NFD) is the same text; lone conjoining letters become those of
//!   the keyboard; full-width and half-width forms, `㎎` and the like become plain ones; case is
//!   folded (NFKC a character, except that it would turn `ㄱ` into a conjoining letter).
//! - What nobody sees goes (zero-width characters, Hangul fillers), as if it weren't there.
//! - Spaces, brackets and punctuation go. Between two digits one is kept, or numbers would run
//!   together: `2.5` stays, `1,000` is 1000, and any other separator becomes `/` (`5/20`, `5-20`).
//! - Units after a number have one form ([`units`]): `500밀리그람`, `500 ㎎` → `500mg`.
//!
//! O(n); two buffers, the text and its origins. Not unified: `1.0` and `1`, `0.5g` and `500mg`.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use super::units::{self, Unit};
use super::{jamo, keys};

/// Whether a text is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// A name as it is stored.
    Complete,
    /// What is being typed: a unit that has begun at its end (`500밀리`, `500m`) is left out, since
    /// the stored form `500mg` doesn't begin with it.
    Typing,
}

/// Where a character of a normalised text came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Origin {
    /// First byte in the original text.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
    /// How many brackets are open around it.
    pub depth: u8,
}

/// A normalised text and where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Normalised {
    text: String,
    origins: Vec<Origin>,
}

impl Normalised {
    /// The normalised text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The origin of each character of the text, in order.
    #[must_use]
    pub fn origins(&self) -> &[Origin] {
        &self.origins
    }

    /// The range of bytes in the original text that a range of bytes of the normalised one came
    /// from, for marking a match; empty for an empty range. O(n).
    #[must_use]
    pub fn original(&self, part: &Range<usize>) -> Range<usize> {
        let touched = self
            .text
            .char_indices()
            .zip(&self.origins)
            .filter(|((at, c), _)| *at < part.end && at + c.len_utf8() > part.start);
        let mut range: Option<(u32, u32)> = None;
        for (_, origin) in touched {
            range = Some((range.map_or(origin.start, |(start, _)| start), origin.end));
        }
        let (start, end) = range.unwrap_or_default();
        usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0)
    }

    fn push(&mut self, c: char, origin: Origin) {
        self.text.push(c);
        self.origins.push(origin);
    }
}

/// A character after folding, before units and punctuation are judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Folded {
    pub(super) c: char,
    origin: Origin,
}

/// Normalises a text. O(n). Only the first 4 GiB have origins: far above any limit of a request.
#[must_use]
pub fn normalise(text: &str, stage: Stage) -> Normalised {
    let folded = fold(text);
    let mut out = Normalised::default();
    // What was dropped since the last character that was kept.
    let mut dropped: Option<Folded> = None;
    let mut rest = folded.as_slice();
    while let Some((first, after)) = rest.split_first() {
        if out.text.ends_with(|c: char| c.is_ascii_digit())
            && let Some(Unit {
                canonical,
                length,
                begun,
            }) = units::at(rest, stage)
        {
            let (unit, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
            let end = unit.last().map_or(first.origin.end, |last| last.origin.end);
            let origin = Origin {
                end,
                ..first.origin
            };
            canonical
                .chars()
                .chain(begun)
                .for_each(|c| out.push(c, origin));
            dropped = None;
            rest = after;
            continue;
        }
        rest = after;
        if !(first.c.is_alphanumeric() || first.c == '%' || jamo::is_letter(first.c)) {
            dropped = Some(dropped.map_or(*first, |before| Folded {
                c: if before.c.is_whitespace() {
                    first.c
                } else {
                    before.c
                },
                origin: Origin {
                    end: first.origin.end,
                    ..before.origin
                },
            }));
            continue;
        }
        let between_digits =
            first.c.is_ascii_digit() && out.text.ends_with(|c: char| c.is_ascii_digit());
        if let Some(separator) = dropped.take().filter(|_| between_digits) {
            push_separator(&mut out, separator, first, after);
        }
        out.push(first.c, first.origin);
    }
    out
}

fn push_separator(out: &mut Normalised, separator: Folded, digit: &Folded, after: &[Folded]) {
    let digits = std::iter::once(digit)
        .chain(after)
        .take_while(|folded| folded.c.is_ascii_digit())
        .count();
    match separator.c {
        '.' => out.push('.', separator.origin),
        ',' if digits == 3 => {}
        _ => out.push('/', separator.origin),
    }
}

/// Folds every character and remembers where it came from and how deep in brackets it stands.
fn fold(text: &str) -> Vec<Folded> {
    let mut folded = Vec::with_capacity(text.len() / 2);
    let mut depth = 0_u8;
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        let mut end = start + first.len_utf8();
        while let Some((at, c)) = chars.next_if(|(_, c)| extends(*c)) {
            end = at + c.len_utf8();
        }
        let closes = matches!(first, ')' | ']' | '}' | '>' | '）' | '］');
        if closes {
            depth = depth.saturating_sub(1);
        }
        let origin = Origin {
            start: u32::try_from(start).unwrap_or(u32::MAX),
            end: u32::try_from(end).unwrap_or(u32::MAX),
            depth,
        };
        if is_composed(first) && end == start + first.len_utf8() {
            // Nearly every character, at a tenth of the price of the general way.
            fold_char(first, |c| folded.push(Folded { c, origin }));
        } else {
            let cluster = text.get(start..end).unwrap_or_default();
            for c in cluster.nfc() {
                fold_char(c, |c| folded.push(Folded { c, origin }));
            }
        }
        if matches!(first, '(' | '[' | '{' | '<' | '（' | '［') {
            depth = depth.saturating_add(1);
        }
    }
    folded
}

/// Whether a character belongs to the one before it: combining marks, vowels and finals of
/// decomposed syllables.
fn extends(c: char) -> bool {
    matches!(c, '\u{1160}'..='\u{11FF}' | '\u{D7B0}'..='\u{D7FB}')
        || !c.is_ascii() && canonical_combining_class(c) != 0
}

/// Whether a character alone is its own NFC, told without a table.
const fn is_composed(c: char) -> bool {
    c.is_ascii() || jamo::is_syllable(c) || jamo::is_letter(c)
}

fn fold_char(c: char, mut push: impl FnMut(char)) {
    if c.is_ascii() {
        push(c.to_ascii_lowercase());
    } else if jamo::is_syllable(c) || jamo::is_letter(c) {
        push(c);
    } else if !is_invisible(c) {
        for plain in c.nfkc().flat_map(char::to_lowercase) {
            push(jamo::to_compatibility(plain).unwrap_or(plain));
        }
    }
}

/// Characters without a shape that come along with copied text; half of them would count as letters.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{3164}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}')
}

/// The key string of a name for an index: normalised and complete. O(n).
#[must_use]
pub fn name_keys(name: &str) -> Vec<u8> {
    keys::collect(normalise(name, Stage::Complete).as_str())
}

/// The key string of what is being typed. O(n).
#[must_use]
pub fn query_keys(query: &str) -> Vec<u8> {
    keys::collect(normalise(query, Stage::Typing).as_str())
}

#[cfg(test)]
mod tests {
    use super::{Stage, normalise};

    fn complete(text: &str) -> String {
        normalise(text, Stage::Complete).as_str().to_owned()
    }

    fn typing(text: &str) -> String {
        normalise(text, Stage::Typing).as_str().to_owned()
    }

    #[test]
    fn dosages_have_one_form() {
        for text in [
            "정500mg",
            "정 500 ㎎",
            "정500밀리그램",
            "정500밀리그람",
            "정５００ＭＧ",
            "정(500미리그람)",
            "\u{110C}\u{1165}\u{11BC}500mg",
        ] {
            assert_eq!(complete(text), "정500mg", "{text}");
        }
        assert_eq!(
            complete("5마이크로그램 5㎍ 5μg 5µg 5mcg"),
            "5mcg5mcg5mcg5mcg5mcg"
        );
        assert_eq!(complete("3밀리리터, 3mL 3㎖"), "3ml3ml3ml");
        assert_eq!(complete("1국제단위 1아이유 1I.U. 1IU"), "1iu1iu1iu1iu");
        assert_eq!(complete("2퍼센트 2% 1그램 1g 3리터"), "2%2%1g1g3l");
        assert_eq!(complete("그램정 리터"), "그램정리터", "no number, no unit");
    }

    #[test]
    fn numbers_never_run_together() {
        assert_eq!(complete("정1,000mg"), "정1000mg");
        assert_eq!(complete("정5/20/12.5mg"), "정5/20/12.5mg");
        assert_eq!(complete("정 5 - 20"), "정5/20");
        assert_eq!(complete("20,25"), "20/25");
        assert_eq!(complete("5(5)"), "5/5");
    }

    #[test]
    fn what_nobody_sees_is_not_there() {
        for text in [
            "타이\u{200B}레놀정5\u{200B}00mg",
            "\u{FEFF}타이\u{3164}레놀\u{AD}정500\u{2060}mg",
            "타\u{FFA0}이\u{115F}레\u{1160}놀정500mg",
        ] {
            assert_eq!(complete(text), "타이레놀정500mg", "{text:?}");
        }
        assert_eq!(complete("\u{3164} \u{200B}"), "");
    }

    #[test]
    fn half_typed_units_are_left_out() {
        for text in [
            "정500",
            "정500ㅁ",
            "정500밀",
            "정500밀리그",
            "정500m",
            "정500 밀리그라",
            "정500마이크",
        ] {
            assert_eq!(typing(text), "정500", "{text}");
        }
        assert_eq!(typing("정500밀리그램ㅈ"), "정500mgㅈ");
        assert_eq!(typing("5밀리리텆"), "5mlㅈ");
        assert_eq!(typing("정500정"), "정500정");
        assert_eq!(complete("정500밀"), "정500밀");
    }

    #[test]
    fn every_character_knows_its_origin() {
        let name = "(주) 타이레놀 정 500 밀리그램（해열）";
        let normalised = normalise(name, Stage::Complete);
        assert_eq!(normalised.as_str(), "주타이레놀정500mg해열");
        let part = |text: &str| {
            let at = normalised.as_str().find(text).unwrap();
            name.get(normalised.original(&(at..at + text.len())))
                .unwrap()
        };
        assert_eq!(part("타이레놀정"), "타이레놀 정");
        assert_eq!(part("500mg"), "500 밀리그램");
        assert_eq!(part("m"), "밀리그램");
        let depths: Vec<u8> = normalised
            .origins()
            .iter()
            .map(|origin| origin.depth)
            .collect();
        assert_eq!(depths.first(), Some(&1));
        assert_eq!(depths.get(1), Some(&0));
        assert_eq!(depths.last(), Some(&1));
        assert_eq!(normalised.original(&(3..3)), 0..0);
    }

    #[test]
    fn letters_of_any_block_are_the_same() {
        assert_eq!(complete("ﾡㅏ\u{1100}"), "ㄱㅏㄱ");
        assert_eq!(complete("Ａb①"), "ab1");
    }
}
