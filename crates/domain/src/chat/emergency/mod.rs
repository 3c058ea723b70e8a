//! Words of an emergency, answered before anything else, with 119 and 109.
//!
//! Sources: 119 is the number of 소방청 for rescue and ambulances, which also gives medical advice until help
//! comes (119구조·구급에 관한 법률); 109 is 자살예방 상담전화, the one number of 보건복지부 since January 2024,
//! at any hour.
//!
//! A text is looked at without case, spaces, punctuation and unseen characters, so that `숨 이 안 쉬어` and
//! `숨이안쉬어` are one; a second time without lone letters and digits in between (`자1살`, `죽ㅠ고 싶`); a third
//! time as what its keys mean in Hangul (`wnrrhtlvek`). Some words count only where a word begins: `혼자해결`
//! holds no `자해`, `무의식이 없다` no `의식이 없다`. A word too many is cheap here, a word missed is not: what
//! is found is answered with the numbers, and it never stops the visitor from asking on.

mod amounts;
mod lists;

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use super::words::is_syllable;
use crate::hangul::layout;

/// Most characters looked at: a message has no more (chat protocol).
const LONGEST: usize = 2_000;

/// What kind of help is needed first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Emergency {
    /// Wish to die or self-harm.
    SelfHarm,
    /// Too much of a drug, or a poison.
    Poisoning,
    /// Breath, consciousness, heart, stroke, anaphylaxis.
    Body,
}

/// The emergency that a text tells of; of several the one that the other answers leave out most:
/// self-harm, then poisoning. O(length × words looked for).
#[must_use]
pub fn recognise(text: &str) -> Option<Emergency> {
    let text: String = text.chars().take(LONGEST).collect();
    let glued = Glued::new(&text, char::is_alphanumeric);
    let whole = |c: char| is_syllable(c) || c.is_ascii_alphabetic();
    let typed = layout::to_hangul(&layout::to_latin(&text));
    glued
        .emergency()
        .or_else(|| Glued::new(&text, whole).emergency())
        .or_else(|| Glued::new(&typed, is_syllable).emergency())
}

/// What is said first; a person is told as well, the bot never goes on alone.
#[must_use]
pub const fn answer(emergency: Emergency) -> &'static str {
    match emergency {
        Emergency::SelfHarm => {
            "지금 많이 힘드시군요. 이야기해 주셔서 고마워요. 당장 위험하다면 119에, 마음을 나누고 싶다면 자살예방 \
             상담전화 109에 지금 전화해 주세요. 109는 24시간 언제나, 비밀을 지키며 이야기를 들어 드려요. 가까이에 \
             있는 분에게 곁에 있어 달라고 해 주세요. 이 채팅은 바로 도와 드리지 못할 수 있어요."
        }
        Emergency::Poisoning => {
            "바로 119에 전화해 주세요. 지금 증상이 없어도 위험할 수 있어요. 억지로 토하게 하지 말고, 먹은 약이나 제품의 \
             포장을 챙겨 두고 무엇을 얼마나 언제 먹었는지 알려 주세요. 스스로를 해치고 싶은 마음이 든다면 자살예방 \
             상담전화 109가 24시간 열려 있어요."
        }
        Emergency::Body => {
            "바로 119에 전화해 주세요. 전화를 끊지 말고 안내를 따라 주세요. 이 채팅으로는 응급 상황을 도와 드릴 수 \
             없어요. 마음이 위급할 때는 자살예방 상담전화 109가 24시간 열려 있어요."
        }
    }
}

/// A text without what stands between its letters, and where its words begin.
struct Glued {
    text: String,
    starts: BTreeSet<usize>,
}

impl Glued {
    fn new(text: &str, keep: impl Fn(char) -> bool) -> Self {
        let (mut glued, mut starts) = (String::new(), BTreeSet::from([0]));
        for c in text.nfkc().flat_map(char::to_lowercase).nfc() {
            if keep(c) {
                glued.push(c);
            } else {
                starts.insert(glued.len());
            }
        }
        // NFKC turns the keyboard's ㅈㅅ into conjoining letters, of the same length in bytes.
        let mut text = glued.replace("\u{110c}\u{1109}", "ㅈㅅ");
        for harmless in lists::HARMLESS.split_whitespace() {
            // As long as before, so that words still begin where they did.
            text = text.replace(harmless, &"\u{1}".repeat(harmless.len()));
        }
        Self { text, starts }
    }

    fn emergency(&self) -> Option<Emergency> {
        if self.any(lists::SELF_HARM) || self.names_suicide() {
            Some(Emergency::SelfHarm)
        } else if self.is_poisoning() {
            Some(Emergency::Poisoning)
        } else if self.any(lists::BODY) || self.is(lists::ALONE) {
            Some(Emergency::Body)
        } else {
            None
        }
    }

    /// 자살, where it isn't the end of one noun and the beginning of something else.
    fn names_suicide(&self) -> bool {
        let one_of = |list: &str, c: Option<char>| c.is_some_and(|c| list.contains(c));
        self.text.match_indices("자살").any(|(at, word)| {
            let (before, behind) = self.text.split_at_checked(at).unwrap_or_default();
            let next = behind
                .strip_prefix(word)
                .and_then(|rest| rest.chars().next());
            let begins = self.starts.contains(&at)
                || one_of(lists::BEFORE_SUICIDE, before.chars().next_back());
            begins && !one_of(lists::BEHIND_NO_SUICIDE, next)
        })
    }

    fn is_poisoning(&self) -> bool {
        let ate = self.any(lists::ATE);
        let pet = self.any(lists::PET);
        self.any(lists::POISONING)
            || (self.any(lists::POISON) && (ate || self.any(lists::DRANK)))
            || (self.any(lists::DRUG) && ate && self.any(lists::MUCH))
            || (ate && amounts::are_many(&self.text, self.any(lists::DRUG)))
            || (self.any(lists::CHILD) && self.any(lists::SWALLOWED) && !pet)
    }

    /// Whether one of the words is in the text; `^` before a word: where a word begins.
    fn any(&self, list: &str) -> bool {
        list.split_whitespace()
            .any(|word| match word.strip_prefix('^') {
                None => self.text.contains(word),
                Some(word) => self
                    .text
                    .match_indices(word)
                    .any(|(at, _)| self.starts.contains(&at)),
            })
    }

    /// Whether the text is one of the words and nothing else.
    fn is(&self, list: &str) -> bool {
        list.split_whitespace().any(|word| word == self.text)
    }
}
