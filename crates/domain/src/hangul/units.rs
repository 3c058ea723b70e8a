//! Spellings of dosage units.

use super::keys;
use super::normalise::{Folded, Stage};

/// Each spelling (folded) and its one form, longest first where one begins another.
///
/// From the names of the pill list (밀리그램 10,152 times, `mg` 2,300, 밀리그람 640, 마이크로그램 63,
/// `㎎` 20, 아이유 11, `mEq` 1) and from what pharmacists write (`mcg`, `cc`). 단위 alone is left as
/// it is: it is not always the international unit. `g` and `l` need no row: they are their own form.
const SPELLINGS: [(&str, &str); 24] = [
    ("밀리그램", "mg"),
    ("밀리그람", "mg"),
    ("미리그램", "mg"),
    ("미리그람", "mg"),
    ("마이크로그램", "mcg"),
    ("마이크로그람", "mcg"),
    ("나노그램", "ng"),
    ("킬로그램", "kg"),
    ("그램", "g"),
    ("그람", "g"),
    ("밀리리터", "ml"),
    ("미리리터", "ml"),
    ("리터", "l"),
    ("퍼센트", "%"),
    ("국제단위", "iu"),
    ("아이유", "iu"),
    ("밀리당량", "meq"),
    ("i.u.", "iu"),
    ("mcg", "mcg"),
    ("meq", "meq"),
    ("mg", "mg"),
    ("μg", "mcg"),
    ("ug", "mcg"),
    ("cc", "ml"),
];

/// One-letter forms that [`SPELLINGS`] doesn't list, for telling a strength from a bare number.
const CANONICAL: [&str; 9] = ["mcg", "meq", "mg", "ml", "ng", "kg", "iu", "g", "%"];

/// A unit found in a text.
pub(super) struct Unit {
    /// Its one form; empty for a unit that has only begun.
    pub(super) canonical: &'static str,
    /// How many characters it takes.
    pub(super) length: usize,
    /// The next syllable's first consonant, which an input method shows as a final of the unit
    /// (`리텆` for `리터ㅈ`).
    pub(super) begun: Option<char>,
}

/// The unit at the beginning of a text that follows a number. O(units).
pub(super) fn at(text: &[Folded], stage: Stage) -> Option<Unit> {
    // Most numbers are followed by what is no unit, and most of that is told by one character.
    let first = text.first()?.c;
    let spelled = SPELLINGS.iter().find(|(spelling, _)| {
        spelling.chars().count() <= text.len()
            && spelling.chars().zip(text).all(|(c, folded)| c == folded.c)
    });
    if let Some((spelling, canonical)) = spelled {
        return Some(Unit {
            canonical,
            length: spelling.chars().count(),
            begun: None,
        });
    }
    if stage == Stage::Complete || !first.is_alphanumeric() || text.len() > 6 {
        return None;
    }
    begun(text)
}

/// A unit that ends a text and is not complete, or is shown with the next syllable's first letter.
fn begun(text: &[Folded]) -> Option<Unit> {
    let mut typed = Vec::with_capacity(text.len() * 3);
    text.iter()
        .for_each(|folded| typed.extend(keys::of_char(folded.c)));
    let length = text.len();
    SPELLINGS.iter().find_map(|(spelling, canonical)| {
        let unit = keys::collect(spelling);
        if unit.starts_with(&typed) {
            return Some(Unit {
                canonical: "",
                length,
                begun: None,
            });
        }
        match typed.strip_prefix(unit.as_slice()) {
            Some([next]) if keys::is_consonant(*next) => Some(Unit {
                canonical,
                length,
                begun: keys::letter(*next),
            }),
            _ => None,
        }
    })
}

/// How many bytes the unit takes that a normalised text begins with, zero where there is none. A
/// latin unit ends where the latin letters end, or before `tab` and `cap`.
pub(super) fn length_of_canonical(text: &str) -> usize {
    let unit = CANONICAL.into_iter().find(|unit| {
        text.strip_prefix(unit).is_some_and(|rest| {
            !rest.starts_with(|c: char| c.is_ascii_lowercase())
                || *unit == "%"
                || rest.starts_with("tab")
                || rest.starts_with("cap")
        })
    });
    unit.map_or(0, str::len)
}

/// How many bytes the unit takes that a text begins with and that no latin letter follows, zero
/// where there is none.
pub(super) fn length_of_latin(text: &str) -> usize {
    let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let run = text.get(..length).unwrap_or_default();
    let is_unit = CANONICAL
        .into_iter()
        .any(|unit| unit.eq_ignore_ascii_case(run));
    if is_unit { length } else { 0 }
}
