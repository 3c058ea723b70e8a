//! Which keywords a text holds.
//!
//! A keyword counts where a word begins with it and only particles or an ending follow (`상담은요`,
//! `상담받고 싶어요`), also when it was typed with spaces (`설문 조사`), and right behind another keyword
//! (`채팅상담`). One of three syllables or more may have anything behind it (`이벤트당첨`); a shorter one
//! may not, so `구글링` is no `구글`.

use std::cmp::Reverse;

use super::words::{is_particles, is_syllable, plain, words};

/// How an ending begins that makes a verb of a keyword, or a noun that belongs to it.
const ENDINGS: &str = "하 해 할 했 한 받 되 돼 될 됐 원 있 없 싶 주세요 부탁 신청 문의 연결 시간 주소 계정 어디 언제 \
    로그인 가입 가능 시작 종료 참여 당첨 예약 요청 보내 뭐 어떻게 그램";

/// Keywords of several answers, ready to be looked for.
#[derive(Debug, Clone, Default)]
pub struct Matcher {
    answers: Vec<Answer>,
}

#[derive(Debug, Clone)]
struct Answer {
    rank: i64,
    /// [`plain`], none of them empty.
    keys: Vec<String>,
}

impl Matcher {
    /// Takes the rank and the keywords of each answer. A keyword of nothing but punctuation is never found.
    pub fn new<'a, K>(answers: impl IntoIterator<Item = (i64, K)>) -> Self
    where
        K: IntoIterator<Item = &'a String>,
    {
        let answer = |(rank, keywords): (i64, K)| Answer {
            rank,
            keys: keywords
                .into_iter()
                .map(|keyword| plain(keyword))
                .filter(|key| !key.is_empty())
                .collect(),
        };
        Self {
            answers: answers.into_iter().map(answer).collect(),
        }
    }

    /// Which answers (by their places) a text asks for: the highest rank first, of one rank the longest
    /// keyword, of one length the one that was said first. O(words × keywords).
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<usize> {
        let words = words(text);
        let all: Vec<&str> = self
            .answers
            .iter()
            .flat_map(|answer| &answer.keys)
            .map(String::as_str)
            .collect();
        let mut hits = Vec::new();
        for (place, answer) in self.answers.iter().enumerate() {
            let best = answer.keys.iter().filter_map(|key| {
                holds(&words, key, &all).map(|at| (Reverse(key.chars().count()), at))
            });
            if let Some(best) = best.min() {
                hits.push((Reverse(answer.rank), best, place));
            }
        }
        hits.sort_unstable();
        hits.into_iter().map(|(_, _, place)| place).collect()
    }
}

/// At which word a keyword is.
fn holds(words: &[String], key: &str, all: &[&str]) -> Option<usize> {
    (0..words.len()).find(|&first| {
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
    let long = key.chars().all(is_syllable) && key.chars().count() >= 3;
    let ending = |ending| tail.starts_with(ending);
    let another = |other: &&str| *other != key && tail.starts_with(*other);
    long || is_particles(tail) || ENDINGS.split_whitespace().any(ending) || all.iter().any(another)
}
