//! Words of a name that a slip must never touch, because products that share all the rest differ
//! by them: another form, another release, another user, another formula.
//!
//! One wrong letter turns 에스 into 에프 and 디알 into 이알, and both are names of real products. So
//! these words are cut out of a name before it is compared loosely, and are compared exactly. The
//! list was made from the 25,040 names of the pill list by counting how the names end (and begin)
//! once brackets and strengths are taken away; rows that are not in it (시럽, 주, 연고 …) are the
//! forms of products that are no pills. Spellings of one word share one form: 캅셀 is 캡슐, `ER` is
//! 이알.
//!
//! A word that is listed although it is only part of a brand costs nothing but that a slip in it
//! isn't understood; one that is missing may swap two medicines. In doubt, list it.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// What a protected word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Form of the medicine (정, 캡슐, 시럽).
    Form,
    /// How fast it is released (서방, 이알).
    Release,
    /// For whom it is (소아, 어린이, 우먼).
    Audience,
    /// Another formula of the same brand (플러스, 포르테, 에스).
    Line,
}

/// Where in a run of Hangul a word is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// At the beginning of the name.
    First,
    /// At the end, other protected words following or not.
    Last,
    /// At the very end: what no other word follows. Short words that also end ordinary ones
    /// (산, 액), so that one slip before 정 must not make them.
    End,
    /// Wherever it stands: long enough not to be met by chance.
    Anywhere,
}

/// A protected word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    pub(super) spelling: &'static str,
    /// The spelling that stands for all of them.
    form: &'static str,
    pub(super) kind: Kind,
    pub(super) place: Place,
}

/// The words, found by one of their characters instead of by trying all.
struct Table {
    by_first: HashMap<char, Vec<&'static Word>>,
    by_last: HashMap<char, Vec<&'static Word>>,
    /// One byte for all spellings of a word, 0x80 and above, by the spelling that stands for them.
    marks: HashMap<&'static str, u8>,
    /// The marks of forms.
    forms: HashSet<u8>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut words: Vec<_> = WORDS.iter().collect();
    // Longest first, so that the first that fits is the longest.
    words.sort_by_key(|word| Reverse(word.spelling.len()));
    let mut by_first: HashMap<_, Vec<_>> = HashMap::new();
    let mut by_last: HashMap<_, Vec<_>> = HashMap::new();
    for word in words {
        if let Some(c) = word.spelling.chars().next() {
            by_first.entry(c).or_default().push(word);
        }
        if let Some(c) = word.spelling.chars().next_back() {
            by_last.entry(c).or_default().push(word);
        }
    }
    let forms = WORDS.iter().filter(|word| word.spelling == word.form);
    let marked: Vec<_> = forms.zip(0x80..=u8::MAX).collect();
    let is_form = |(word, _): &&(&Word, u8)| word.kind == Kind::Form;
    Table {
        by_first,
        by_last,
        marks: marked
            .iter()
            .map(|(word, mark)| (word.form, *mark))
            .collect(),
        forms: marked
            .iter()
            .filter(is_form)
            .map(|(_, mark)| *mark)
            .collect(),
    }
});

impl Word {
    /// One byte for all spellings of the word, 0x80 and above.
    pub(super) fn mark(&self) -> u8 {
        TABLE.marks.get(self.form).copied().unwrap_or(u8::MAX)
    }
}

/// Whether a mark is one of a form.
pub(super) fn is_form(mark: u8) -> bool {
    TABLE.forms.contains(&mark)
}

/// The longest word of the wanted places that a text ends with. O(words that end alike).
pub(super) fn at_end(text: &str, wanted: impl Fn(Place) -> bool) -> Option<&'static Word> {
    let words = TABLE.by_last.get(&text.chars().next_back()?)?;
    words
        .iter()
        .copied()
        .find(|word| wanted(word.place) && text.ends_with(word.spelling))
}

/// The longest word of a place that a text begins with. O(words that begin alike).
pub(super) fn at_beginning(text: &str, place: Place) -> Option<&'static Word> {
    let words = TABLE.by_first.get(&text.chars().next()?)?;
    words
        .iter()
        .copied()
        .find(|word| word.place == place && text.starts_with(word.spelling))
}

/// The first word in a text that counts anywhere, with where it begins; of two that begin there,
/// the longer. O(n).
pub(super) fn first_anywhere(text: &str) -> Option<(usize, &'static Word)> {
    text.char_indices()
        .find_map(|(at, _)| Some((at, at_beginning(text.get(at..)?, Place::Anywhere)?)))
}

/// The word that a whole text is.
pub(super) fn whole(text: &str) -> Option<&'static Word> {
    let words = TABLE.by_first.get(&text.chars().next()?)?;
    words.iter().copied().find(|word| word.spelling == text)
}

const fn word(spelling: &'static str, form: &'static str, kind: Kind, place: Place) -> Word {
    Word {
        spelling,
        form,
        kind,
        place,
    }
}

macro_rules! words {
    ($($kind:ident $place:ident: $($spelling:literal $(= $form:literal)?),+;)+) => {
        [$($(word($spelling, words!(@form $spelling $($form)?), Kind::$kind, Place::$place),)+)+]
    };
    (@form $spelling:literal) => { $spelling };
    (@form $spelling:literal $form:literal) => { $form };
}

/// All words. A mark is one byte, so that there may be 128 forms.
static WORDS: [Word; 139] = words! {
    Form Last:
        "정", "정제" = "정", "캡슐", "캅셀" = "캡슐", "캡셀" = "캡슐", "캅슐" = "캡슐", "캅슬" = "캡슐",
        "연질", "경질", "장용", "장용성" = "장용", "필름", "필름코팅", "당의", "설하", "구강붕해",
        "구강용해", "발포", "이중", "질", "확산", "분산", "현탁", "속붕", "저작", "액상", "츄",
        "츄어블" = "츄", "흡입", "흡입용" = "흡입";
    Form End:
        "트로키", "트로키제" = "트로키", "껌", "과립", "산", "산제", "환", "시럽", "건조시럽", "액",
        "현탁액", "점안액", "주", "주사", "주사액" = "주사", "연고", "크림", "겔", "로션", "패취",
        "패치" = "패취", "좌제", "스프레이";
    Form Anywhere: "tab" = "정", "tablet" = "정", "cap" = "캡슐", "capsule" = "캡슐";
    Release Anywhere: "서방", "서방성" = "서방", "서방형" = "서방";
    Release Last:
        "지속", "지속성" = "지속", "이알", "er" = "이알", "씨알", "cr" = "씨알", "에스알", "sr" = "에스알",
        "엑스알", "xr" = "엑스알", "엠알", "mr" = "엠알", "디알", "오알", "엑스엘", "에이치알",
        "에이취알" = "에이치알", "오디", "오디티" = "오디", "오디에프", "롱", "퀵", "퀵릿" = "퀵", "시간";
    Audience First: "소아", "소아용" = "소아", "유아", "유아용" = "유아", "우먼", "우먼스" = "우먼";
    Audience Anywhere:
        "어린이", "어린이용" = "어린이", "키즈", "베이비", "레이디", "실버", "여성용", "남성용", "성인용";
    Line Anywhere:
        "플러스", "프러스" = "플러스", "포르테", "콜드", "프리미엄", "골드", "나이트", "나잇" = "나이트",
        "데이앤나이트", "데이앤나잇" = "데이앤나이트", "액티브", "스트롱", "마일드", "트리플", "복합";
    Line Last:
        "에스", "에프", "에이", "에이치", "에이치씨티", "에이취씨티" = "에이치씨티", "엑스", "브이", "케이",
        "엠", "씨", "큐", "엘", "듀오", "콤비", "세미", "더블", "데이", "코프", "노즈", "맥스", "하이",
        "미니", "알파", "슈퍼";
};

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::WORDS;

    #[test]
    fn words_have_one_row_and_one_mark() {
        let spellings: HashSet<_> = WORDS.iter().map(|word| word.spelling).collect();
        assert_eq!(spellings.len(), WORDS.len());
        let forms: HashSet<_> = WORDS.iter().map(|word| word.form).collect();
        let marks: HashSet<_> = WORDS.iter().map(super::Word::mark).collect();
        assert_eq!(marks.len(), forms.len());
        assert!(forms.len() <= 128);
        for word in &WORDS {
            assert!(
                WORDS.iter().any(|other| other.spelling == word.form),
                "{}",
                word.spelling
            );
        }
    }
}
