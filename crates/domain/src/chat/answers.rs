//! What the bot says to a keyword or to a question about a drug.
//!
//! A text is split into words (NFKC, lower case, no punctuation). A keyword counts where a word begins with
//! it and only particles or an ending follow (`상담은요`, `상담받고 싶어요`), also when it was typed with
//! spaces (`설문 조사`), and right behind another keyword (`채팅상담`). One of three syllables or more may
//! have anything behind it (`이벤트당첨`); a shorter one may not, so `구글링` is no `구글`.

mod built_in;

pub use built_in::{Operator, built_in};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::text::{self, TextError};

const MOST_KEYWORDS: usize = 30;
const LONGEST_KEYWORD: usize = 30;
const MOST_LINKS: usize = 5;
const MOST_REPLIES: usize = 8;
const LONGEST_LABEL: usize = 40;
/// Most words of a text that are looked at.
const MOST_WORDS: usize = 400;

/// What may follow a keyword, whole; several may follow each other.
const PARTICLES: &[&str] = &[
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "에",
    "에서",
    "에게",
    "로",
    "으로",
    "와",
    "과",
    "랑",
    "이랑",
    "도",
    "만",
    "의",
    "부터",
    "까지",
    "요",
    "이요",
    "인가요",
    "이에요",
    "예요",
    "이야",
    "야",
    "이란",
    "란",
    "좀",
    "들",
    "한테",
    "처럼",
    "보다",
    "은요",
    "는요",
    "인데",
    "인지",
    "나",
    "이나",
];
/// How an ending begins that makes a verb of a keyword, or a noun that belongs to it.
const ENDINGS: &[&str] = &[
    "하",
    "해",
    "할",
    "했",
    "한",
    "받",
    "되",
    "돼",
    "될",
    "됐",
    "원",
    "있",
    "없",
    "신청",
    "문의",
    "연결",
    "시간",
    "주소",
    "계정",
    "어디",
    "언제",
    "로그인",
    "가능",
    "시작",
    "종료",
];

/// A link or the label of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What is read.
    pub label: String,
    /// Where it leads ([`text::link`]).
    pub url: String,
}

/// Keywords and what is said to them: data that admins edit. [`check`](Self::check) it before use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeywordAnswer {
    /// 1 to 30 words of 1 to 30 characters.
    pub keywords: Vec<String>,
    /// A message ([`text::message`]).
    pub text: String,
    /// At most 5.
    #[serde(default)]
    pub links: Vec<Link>,
    /// At most 8 texts of at most 40 characters.
    #[serde(default)]
    pub quick_replies: Vec<String>,
}

/// Why an answer is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// None, too many, too long, or nothing but punctuation.
    #[error("keywords: 1 to 30, each of 1 to 30 letters or digits")]
    Keywords,
    /// The text is no message.
    #[error("text: {0}")]
    Text(TextError),
    /// Too many, an empty or long label, or a link that isn't allowed.
    #[error("links: at most 5, each with a label of 1 to 40 characters and an allowed url")]
    Links,
    /// Too many, empty or long.
    #[error("quick_replies: at most 8, each of 1 to 40 characters")]
    QuickReplies,
}

impl KeywordAnswer {
    /// Checks all limits.
    ///
    /// # Errors
    /// Names the first field that is wrong.
    pub fn check(&self) -> Result<(), AnswerError> {
        let keyword = |k: &String| (1..=LONGEST_KEYWORD).contains(&plain(k).chars().count());
        let label = |l: &String| text::message(l).is_ok() && l.chars().count() <= LONGEST_LABEL;
        let count = self.keywords.len();
        if !(1..=MOST_KEYWORDS).contains(&count) || !self.keywords.iter().all(keyword) {
            return Err(AnswerError::Keywords);
        }
        text::message(&self.text).map_err(AnswerError::Text)?;
        let link = |l: &Link| label(&l.label) && text::link(&l.url).is_ok();
        if self.links.len() > MOST_LINKS || !self.links.iter().all(link) {
            return Err(AnswerError::Links);
        }
        if self.quick_replies.len() > MOST_REPLIES || !self.quick_replies.iter().all(label) {
            return Err(AnswerError::QuickReplies);
        }
        Ok(())
    }
}

/// The answers whose keyword a text holds: the longest keyword first, of equals as they stand in the data.
#[must_use]
pub fn find<'a>(answers: &'a [KeywordAnswer], text: &str) -> Vec<&'a KeywordAnswer> {
    let words = words(text);
    let keys: Vec<Vec<String>> = answers
        .iter()
        .map(|answer| {
            answer
                .keywords
                .iter()
                .map(|k| plain(k))
                .filter(|k| !k.is_empty())
                .collect()
        })
        .collect();
    let all: Vec<&str> = keys.iter().flatten().map(String::as_str).collect();
    let mut hits: Vec<(usize, &KeywordAnswer)> = Vec::new();
    for (answer, own) in answers.iter().zip(&keys) {
        let hit = own.iter().filter(|key| holds(&words, key, &all));
        if let Some(longest) = hit.map(|key| key.chars().count()).max() {
            hits.push((longest, answer));
        }
    }
    hits.sort_by_key(|&(length, _)| std::cmp::Reverse(length));
    hits.into_iter().map(|(_, answer)| answer).collect()
}

fn holds(words: &[String], key: &str, all: &[&str]) -> bool {
    (0..words.len()).any(|first| {
        let mut rest = key;
        // A keyword typed with spaces runs over whole words, and ends in the last.
        for word in words.iter().skip(first) {
            if let Some(tail) = word.strip_prefix(rest) {
                return is_tail(key, tail, all);
            }
            match rest.strip_prefix(word.as_str()) {
                Some(more) => rest = more,
                None => break,
            }
        }
        words
            .get(first)
            .is_some_and(|word| behind_another(word, key, all))
    })
}

fn behind_another(word: &str, key: &str, all: &[&str]) -> bool {
    all.iter()
        .filter(|&&other| other != key)
        .filter_map(|other| word.strip_prefix(other)?.strip_prefix(key))
        .any(|tail| is_tail(key, tail, all))
}

fn is_tail(key: &str, tail: &str, all: &[&str]) -> bool {
    let hangul = key.chars().all(|c| ('가'..='힣').contains(&c));
    (hangul && key.chars().count() >= 3)
        || particles(tail)
        || ENDINGS.iter().any(|ending| tail.starts_with(ending))
        || all
            .iter()
            .any(|other| *other != key && tail.starts_with(other))
}

/// Up to three particles and nothing else. Tails are short, or aren't particles.
fn particles(tail: &str) -> bool {
    fn some(tail: &str, left: u8) -> bool {
        tail.is_empty()
            || (left > 0
                && PARTICLES
                    .iter()
                    .any(|p| tail.strip_prefix(p).is_some_and(|t| some(t, left - 1))))
    }
    some(tail, 3)
}

fn words(text: &str) -> Vec<String> {
    let text: String = text
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|&c| !text::is_unseen(c))
        .nfc()
        .collect();
    let split = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    split.take(MOST_WORDS).map(str::to_owned).collect()
}

fn plain(text: &str) -> String {
    words(text).concat()
}

const CUES: &[&str] = &[
    "부작용",
    "성분",
    "먹어도",
    "먹으면",
    "복용",
    "같이",
    "함께",
    "효능",
    "효과",
    "용법",
    "용량",
    "주의사항",
    "알약",
    "드셔도",
    "임산부",
    "수유",
];
/// Words that end in 약 and are no drugs.
const NO_DRUGS: &[&str] = &[
    "예약",
    "계약",
    "요약",
    "절약",
    "공약",
    "조약",
    "제약",
    "취약",
    "협약",
    "해약",
    "만약",
    "농약",
    "치약",
    "서약",
    "도약",
    "약",
    "이약",
    "그약",
    "무슨약",
    "확약",
];

/// Where a question about a drug leads: `/?query=…` of the search page. `is_drug` knows the names of the
/// catalogue; a word ending in 약 counts without it, and so does a cue (부작용, 먹어도) with no name: then
/// the page without a query.
#[must_use]
pub fn drug_link(text: &str, is_drug: impl Fn(&str) -> bool) -> Option<String> {
    let words = words(text);
    let bare: Vec<&str> = words
        .iter()
        .map(|word| without_particle(word, &is_drug))
        .collect();
    let medicine = |w: &&&str| w.ends_with('약') && !NO_DRUGS.contains(*w) && !CUES.contains(*w);
    let name = bare
        .iter()
        .find(|word| is_drug(word))
        .or_else(|| bare.iter().find(medicine));
    if let Some(name) = name {
        return Some(format!("/?query={}", encoded(name)));
    }
    let cue = words
        .iter()
        .any(|w| CUES.iter().any(|cue| w.starts_with(cue)));
    let drug = bare
        .iter()
        .any(|w| matches!(*w, "약" | "이약" | "그약" | "알약"));
    (cue && drug
        || words
            .iter()
            .any(|w| w.starts_with("부작용") || w.starts_with("복용")))
    .then(|| "/".to_owned())
}

fn without_particle(word: &str, is_drug: impl Fn(&str) -> bool) -> &str {
    if is_drug(word) {
        return word;
    }
    let stems = PARTICLES
        .iter()
        .filter_map(|p| word.strip_suffix(p))
        .filter(|s| !s.is_empty());
    let mut stems: Vec<&str> = stems.collect();
    stems.sort_by_key(|stem| stem.len());
    let known = stems.iter().find(|stem| is_drug(stem));
    known.or(stems.first()).copied().unwrap_or(word)
}

fn encoded(text: &str) -> String {
    let byte = |b: u8| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(b).to_string(),
        _ => format!("%{b:02X}"),
    };
    text.bytes().take(300).map(byte).collect()
}
