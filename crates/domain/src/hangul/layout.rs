//! The wrong keyboard layout: `xkdlfpshf` meant as 타이레놀, `ㅁㄴㅔㅑ갸ㅜ` meant as aspirin.
//!
//! Both directions are the same string of keys read with the other alphabet, so the conversion
//! itself is one bit a key ([`keys::HANGUL_BIT`]); what remains is to put
//! the letters together as an input method would (the automaton [`Composer`]). Sources: KS X 5002
//! for the keys; the automaton is the usual one of 두벌식: a consonant after a vowel closes the
//! syllable, and leaves it again when a vowel follows. Every function is O(n).

use super::jamo::{self, Letters};
use super::keys::{self, HANGUL_BIT};
use super::units;

/// How likely a text was meant as Korean, for a search that must decide whether to try a
/// conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Plausibility {
    /// Every Hangul letter stands in a whole syllable.
    Whole,
    /// The same, but for one lone consonant at the end: the next syllable has begun.
    HalfTyped,
    /// Lone consonants only, two or more: 초성.
    Initials,
    /// Lone letters among syllables, or lone vowels: most likely another language.
    Broken,
    /// No Hangul at all: nothing was converted.
    None,
}

/// What the latin letters of a text are in Hangul, other characters passing through; a text in
/// capitals is read as typed under caps lock. A unit after a number stays (`xkdlfpshf500mg` →
/// `타이레놀500mg`): no Hangul text has such keys there. O(n); whether the outcome makes sense,
/// [`plausibility`] tells.
#[must_use]
pub fn to_hangul(text: &str) -> String {
    let inverted = is_caps_locked(text);
    let mut composer = Composer::default();
    let mut after_number = false;
    // Letters of a unit still to pass through.
    let mut unit = 0_usize;
    for (at, c) in text.char_indices() {
        if after_number {
            unit = text.get(at..).map_or(0, units::length_of_latin);
        }
        after_number = c.is_ascii_digit();
        let typed = if inverted { invert(c) } else { c };
        let latin = u8::try_from(typed).ok().filter(u8::is_ascii_alphabetic);
        match latin.filter(|_| unit == 0) {
            Some(latin) => composer.push(keys::letter(latin | HANGUL_BIT).unwrap_or(typed)),
            None => composer.push(c),
        }
        unit = unit.saturating_sub(1);
    }
    composer.finish()
}

/// What the Hangul of a text is in latin letters, other characters passing through (`ㅁㄴㅔㅑ갸ㅜ`
/// → `aspirin`). O(n).
#[must_use]
pub fn to_latin(text: &str) -> String {
    let mut latin = String::with_capacity(text.len());
    for c in text.chars() {
        let typed = keys::of_char(c);
        if typed.as_slice().iter().all(|byte| keys::is_hangul(*byte)) {
            latin.extend(typed.into_iter().map(|byte| char::from(byte & !HANGUL_BIT)));
        } else {
            latin.push(c);
        }
    }
    latin
}

/// How likely a text is Korean as somebody would type it. O(n).
#[must_use]
pub fn plausibility(text: &str) -> Plausibility {
    let (mut syllables, mut consonants, mut vowels) = (0_usize, 0_usize, 0_usize);
    let mut last = None;
    for c in text.chars() {
        if jamo::is_syllable(c) {
            syllables += 1;
        } else if jamo::is_vowel(c) {
            vowels += 1;
        } else if jamo::is_letter(c) {
            consonants += if jamo::split(c).is_some() { 2 } else { 1 };
        }
        last = Some(c);
    }
    let begun = last.is_some_and(jamo::is_letter);
    match (syllables, consonants, vowels) {
        (0, 0, 0) => Plausibility::None,
        (_, 0, 0) => Plausibility::Whole,
        (0, 2.., 0) => Plausibility::Initials,
        (_, 1, 0) if begun => Plausibility::HalfTyped,
        _ => Plausibility::Broken,
    }
}

/// What an input method shows for a key string (see [`keys`]): the inverse of
/// [`keys::of_text`] for ASCII and Hangul; bytes of other characters are left out. O(n).
#[must_use]
pub fn shown(typed: &[u8]) -> String {
    let mut composer = Composer::default();
    for byte in typed {
        if byte.is_ascii() {
            composer.push(char::from(*byte));
        } else if let Some(letter) = keys::letter(*byte) {
            composer.push(letter);
        }
    }
    composer.finish()
}

/// The automaton of an input method: letters in, syllables out.
///
/// Its state is the syllable under the cursor. No letter is ever lost: what can't join stands
/// alone, so that the keys of the outcome are the keys that went in.
#[derive(Debug, Clone, Default)]
pub struct Composer {
    done: String,
    initial: Option<char>,
    vowel: Option<char>,
    last: Option<char>,
}

impl Composer {
    /// Takes the next letter as typed (simple ones, U+3131 …); any other character ends the
    /// syllable and passes through. O(1).
    pub fn push(&mut self, c: char) {
        if keys::key(c).is_none() {
            self.flush();
            self.done.push(c);
        } else if jamo::is_vowel(c) {
            self.push_vowel(c);
        } else {
            self.push_consonant(c);
        }
    }

    /// The text, the syllable under the cursor included.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.flush();
        self.done
    }

    fn push_vowel(&mut self, vowel: char) {
        if let Some(last) = self.last.take() {
            // The final was the next syllable's first all along; of a double one, its second.
            let (stays, moves) = match jamo::split(last) {
                Some((first, second)) => (Some(first), second),
                None => (None, last),
            };
            self.last = stays;
            self.flush();
            self.initial = Some(moves);
            self.vowel = Some(vowel);
        } else if let Some(present) = self.vowel {
            if let Some(compound) = jamo::join(present, vowel) {
                self.vowel = Some(compound);
            } else {
                self.flush();
                self.vowel = Some(vowel);
            }
        } else {
            self.vowel = Some(vowel);
        }
    }

    fn push_consonant(&mut self, consonant: char) {
        let closes = self.initial.is_some() && self.vowel.is_some();
        let joined = match self.last {
            None if closes && jamo::may_close(consonant) => Some(consonant),
            None => None,
            Some(last) => jamo::join(last, consonant),
        };
        if let Some(last) = joined {
            self.last = Some(last);
        } else {
            self.flush();
            self.initial = Some(consonant);
        }
    }

    fn flush(&mut self) {
        let parts = (self.initial.take(), self.vowel.take(), self.last.take());
        let whole = match parts {
            (Some(initial), Some(vowel), last) => jamo::compose(Letters {
                initial,
                vowel,
                last,
            }),
            _ => None,
        };
        match whole {
            Some(syllable) => self.done.push(syllable),
            None => self
                .done
                .extend([parts.0, parts.1, parts.2].into_iter().flatten()),
        }
    }
}

/// Whether a text was typed under caps lock: read with the case turned round, it holds fewer
/// capitals that no finger would type (only ㄲ ㄸ ㅃ ㅆ ㅉ ㅒ ㅖ want shift); all capitals, too.
fn is_caps_locked(text: &str) -> bool {
    let letters = || text.chars().filter(char::is_ascii_alphabetic);
    let needless = |c: &char| !matches!(c, 'R' | 'E' | 'Q' | 'T' | 'W' | 'O' | 'P');
    let capitals = letters().filter(char::is_ascii_uppercase);
    let small = letters().filter(char::is_ascii_lowercase).map(invert);
    if small.clone().next().is_none() {
        return capitals.count() > 1;
    }
    capitals.filter(needless).count() > small.filter(needless).count()
}

const fn invert(c: char) -> char {
    if c.is_ascii_uppercase() {
        c.to_ascii_lowercase()
    } else {
        c.to_ascii_uppercase()
    }
}

#[cfg(test)]
mod tests {
    use super::{Plausibility, plausibility, shown, to_hangul, to_latin};
    use crate::hangul::keys;

    #[test]
    fn latin_meant_as_hangul() {
        for (typed, meant) in [
            ("xkdlfpshf", "타이레놀"),
            ("XKDLFPSHF", "타이레놀"),
            ("dktmvlfls", "아스피린"),
            ("Rkcl", "까치"),
            ("rKCL", "까치"),
            ("ekfr", "닭"),
            ("ekfrk", "달가"),
            ("rhkdlf", "과일"),
            ("rkqt", "값"),
            ("rkqtdl", "값이"),
            ("rkqtl", "갑시"),
            ("xdfs", "ㅌㅇㄹㄴ"),
            ("xkdlfpshf-500", "타이레놀-500"),
            ("xkdlfpshf500mg", "타이레놀500mg"),
            ("5mgw", "5ㅡㅎㅈ"),
            ("5gksk", "5하나"),
            ("kRr", "ㅏㄲㄱ"),
            ("gOE", "햬ㄸ"),
            ("", ""),
        ] {
            assert_eq!(to_hangul(typed), meant, "{typed}");
        }
    }

    #[test]
    fn hangul_meant_as_latin() {
        assert_eq!(to_latin("ㅁㄴㅔㅑ갸ㅜ"), "aspirin");
        assert_eq!(to_latin("쇼ㅣ두ㅐㅣ 500"), "tylenol 500");
        assert_eq!(to_latin("닭 α"), "ekfr α");
    }

    #[test]
    fn plausibility_tells_languages_apart() {
        assert_eq!(plausibility(&to_hangul("xkdlfpshf")), Plausibility::Whole);
        assert_eq!(
            plausibility(&to_hangul("xkdlfpshfw")),
            Plausibility::HalfTyped
        );
        assert_eq!(plausibility(&to_hangul("xdfs")), Plausibility::Initials);
        assert_eq!(plausibility(&to_hangul("aspirin")), Plausibility::Broken);
        assert_eq!(plausibility(&to_hangul("tylenol")), Plausibility::Broken);
        assert_eq!(plausibility("500"), Plausibility::None);
    }

    #[test]
    fn shown_is_what_was_typed() {
        assert_eq!(shown(&keys::collect("탕ㄹㄴ 5")), "탕ㄹㄴ 5");
        assert_eq!(shown(&keys::collect("타ㅇㄹ")), "탕ㄹ");
        assert_eq!(shown(&keys::collect("ㄱㅗㅏ")), "과");
    }
}
