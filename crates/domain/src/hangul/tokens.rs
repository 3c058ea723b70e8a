//! Cutting of a normalised name into its parts (see [`name`](super::name)).

use std::ops::Range;

use super::name::{Part, Token};
use super::normalise::Normalised;
use super::protected::{self, Place, Word};
use super::units;

/// Cuts a normalised text into tokens from left to right.
pub(super) struct Tokeniser<'a> {
    text: &'a str,
    /// Where each character begins, and whether it is in brackets.
    chars: Vec<(usize, char, bool)>,
    tokens: Vec<Token>,
}

impl<'a> Tokeniser<'a> {
    pub(super) fn new(normalised: &'a Normalised) -> Self {
        let chars = normalised.as_str().char_indices().zip(normalised.origins());
        Self {
            text: normalised.as_str(),
            chars: chars
                .map(|((at, c), origin)| (at, c, origin.depth > 0))
                .collect(),
            tokens: Vec::with_capacity(8),
        }
    }

    pub(super) fn run(mut self) -> Vec<Token> {
        let mut at = 0;
        while let Some((_, first, aside)) = self.chars.get(at).copied() {
            let class = Class::of(first, aside);
            let length = self
                .chars
                .get(at..)
                .unwrap_or_default()
                .iter()
                .take_while(|(_, c, aside)| class.continues(*c, *aside))
                .count();
            let end = at + length.max(1);
            let range = self.byte(at)..self.byte(end);
            at = match class {
                Class::Number => self.number(range, end),
                Class::Latin => {
                    let word = protected::whole(self.slice(&range));
                    self.push(
                        word.map_or(Part::Latin, |word| Part::Word(word.kind)),
                        range,
                        word,
                    );
                    end
                }
                Class::Hangul => {
                    self.hangul(range);
                    end
                }
                Class::Aside => {
                    self.push(Part::Aside, range, None);
                    end
                }
            };
        }
        self.tokens
    }

    fn byte(&self, at: usize) -> usize {
        self.chars
            .get(at)
            .map_or(self.text.len(), |(byte, ..)| *byte)
    }

    fn slice(&self, range: &Range<usize>) -> &'a str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    fn push(&mut self, part: Part, range: Range<usize>, word: Option<&Word>) {
        if !range.is_empty() {
            self.tokens.push(Token {
                part,
                range,
                mark: word.map(Word::mark),
            });
        }
    }

    /// A number, with its unit where one follows; all units are ASCII. Answers where to go on.
    fn number(&mut self, range: Range<usize>, end: usize) -> usize {
        let unit = units::length_of_canonical(self.text.get(range.end..).unwrap_or_default());
        let part = if unit > 0 {
            Part::Strength
        } else {
            Part::Number
        };
        self.push(part, range.start..range.end + unit, None);
        end + unit
    }

    /// A run of Hangul: protected words are taken from its end, then from the name's beginning,
    /// then from wherever they stand, as long as something of the brand is left.
    fn hangul(&mut self, mut range: Range<usize>) {
        let begins = !self.tokens.iter().any(|token| token.part == Part::Core);
        let keep = |left: usize| !begins || left > 0;
        let mut tail = Vec::new();
        while let Some(word) = protected::at_end(self.slice(&range), |place| match place {
            Place::Last | Place::Anywhere => true,
            Place::End => tail.is_empty(),
            Place::First => false,
        }) {
            let left = range.len() - word.spelling.len();
            // A word of one syllable is too often the end of an ordinary word of two.
            let short = is_single(word.spelling) && begins && left < 2 * '가'.len_utf8();
            if short || !keep(left) {
                break;
            }
            tail.push((range.end - word.spelling.len()..range.end, word));
            range.end -= word.spelling.len();
        }
        if self.tokens.is_empty()
            && let Some(word) = protected::at_beginning(self.slice(&range), Place::First)
            && range.len() > word.spelling.len() + '가'.len_utf8()
        {
            let end = range.start + word.spelling.len();
            self.push(Part::Word(word.kind), range.start..end, Some(word));
            range.start = end;
        }
        while let Some((at, word)) = protected::first_anywhere(self.slice(&range)) {
            if !keep(range.len() - word.spelling.len()) {
                break;
            }
            let start = range.start + at;
            let end = start + word.spelling.len();
            self.push(Part::Core, range.start..start, None);
            self.push(Part::Word(word.kind), start..end, Some(word));
            range.start = end;
        }
        self.push(Part::Core, range, None);
        while let Some((range, word)) = tail.pop() {
            self.push(Part::Word(word.kind), range, Some(word));
        }
    }
}

fn is_single(text: &str) -> bool {
    text.chars().nth(1).is_none()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Number,
    Latin,
    Hangul,
    Aside,
}

impl Class {
    const fn of(c: char, aside: bool) -> Self {
        if aside {
            Self::Aside
        } else if c.is_ascii_digit() {
            Self::Number
        } else if c.is_ascii_alphabetic() {
            Self::Latin
        } else {
            Self::Hangul
        }
    }

    fn continues(self, c: char, aside: bool) -> bool {
        let class = Self::of(c, aside);
        class == self || self == Self::Number && !aside && matches!(c, '.' | '/')
    }
}
