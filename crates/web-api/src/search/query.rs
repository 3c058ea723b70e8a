//! What was typed, taken apart once for all texts.

use domain::hangul::layout::{self, Plausibility};
use domain::hangul::name::{LooseKey, Name, Part};
use domain::hangul::normalise::Stage;
use domain::hangul::protected::Kind;
use domain::hangul::{jamo, keys, typed};

use super::words::{self, Word};

/// A query.
#[derive(Debug)]
pub(crate) struct Query {
    name: Name,
    /// Its keys, as far as it was typed.
    pub(super) keys: Vec<u8>,
    /// Brand and guards.
    pub(super) loose: LooseKey,
    /// Keys of what it names beside brand and guards: an ingredient, in brackets or behind the form.
    /// Loose matching doesn't look at them, so whoever is found must agree with them: 클로비드정 and
    /// 클로피드정 are one slip apart and hold different salts.
    pub(super) named: Vec<Vec<u8>>,
    /// Whether it is to be read as 초성.
    pub(super) asks_initials: bool,
    /// Its words, where it has several.
    pub(super) words: Vec<Word>,
}

impl Query {
    /// Takes a query apart; `None` where nothing of it is left to search for. O(n).
    pub(crate) fn new(text: &str) -> Option<Self> {
        let name = Name::parse(text, Stage::Typing);
        let shown = name.normalised().as_str();
        if shown.is_empty() {
            return None;
        }
        Some(Self {
            keys: keys::collect(shown),
            loose: name.loose_key(),
            named: named(&name),
            asks_initials: typed::asks_initials(shown),
            words: words::split(text, &name),
            name,
        })
    }

    /// Whether it says enough for a loose match.
    pub(super) fn is_long_enough(&self) -> bool {
        self.name.is_long_enough()
    }

    /// Its parts.
    pub(super) fn name(&self) -> &Name {
        &self.name
    }
}

/// What stands in brackets, and every core behind the first form or bracket (see
/// [`Name::loose_key`], which leaves these out).
fn named(name: &Name) -> Vec<Vec<u8>> {
    let (mut begun, mut closed) = (false, false);
    let mut named = Vec::new();
    for token in name.tokens() {
        let text = name.normalised().as_str().get(token.range.clone());
        let mut keep = || named.push(keys::collect(text.unwrap_or_default()));
        match token.part {
            Part::Aside => {
                closed |= begun;
                keep();
            }
            Part::Core if closed => keep(),
            Part::Core => begun = true,
            Part::Word(Kind::Form) => closed |= begun,
            _ => {}
        }
    }
    named
}

/// A query as it would be in the other keyboard layout.
#[derive(Debug)]
pub(crate) struct Reading {
    /// What was understood.
    pub(crate) text: String,
    /// The same, taken apart.
    pub(crate) query: Query,
    /// Whether it is at least two whole syllables: nothing that comes about by chance.
    pub(super) is_sure: bool,
}

/// Reads a query in the other layout; `None` where that makes no sense. Latin letters are read as
/// Hangul where syllables or 초성 come of it, Hangul as latin letters. O(n).
pub(super) fn other_layout(text: &str) -> Option<Reading> {
    let hangul = |c: char| jamo::is_syllable(c) || jamo::is_letter(c);
    let read = if text.contains(hangul) {
        layout::to_latin(text)
    } else if text.contains(|c: char| c.is_ascii_alphabetic()) {
        layout::to_hangul(text)
    } else {
        return None;
    };
    let plausibility = layout::plausibility(&read);
    let syllables = read.chars().filter(|c| jamo::is_syllable(*c)).count();
    let whole = matches!(plausibility, Plausibility::Whole | Plausibility::HalfTyped);
    if plausibility == Plausibility::Broken {
        return None;
    }
    Some(Reading {
        query: Query::new(&read)?,
        is_sure: whole && syllables >= 2,
        text: read.trim().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use domain::hangul::keys::collect;

    use super::{Query, other_layout};

    #[test]
    fn ingredients_are_named_in_brackets_or_behind_the_form() {
        for (query, expected) in [
            ("클로비드정(클로피도그렐)", vec!["클로피도그렐"]),
            ("클로비드정75mg 클로피도그렐", vec!["클로피도그렐"]),
            ("클로비드정(클로피", vec!["클로피"]),
            ("클로비드정75밀리그램", vec![]),
            ("어린이타이레놀산", vec![]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(collect).collect();
            assert_eq!(Query::new(query).unwrap().named, expected, "{query}");
        }
        assert!(Query::new(" ()[] \u{200b}\t「」").is_none());
    }

    #[test]
    fn only_what_makes_sense_is_read_in_the_other_layout() {
        let text = |query: &str| other_layout(query).map(|one| (one.text, one.is_sure));
        assert_eq!(text("xkdlfpshf"), Some(("타이레놀".to_owned(), true)));
        assert_eq!(text(" xdfs "), Some(("ㅌㅇㄹㄴ".to_owned(), false)));
        assert_eq!(text("ㅁㄴㅔㅑ갸ㅜ"), Some(("aspirin".to_owned(), false)));
        assert_eq!(text("tylenol"), None);
        assert_eq!(text("500"), None);
    }
}
