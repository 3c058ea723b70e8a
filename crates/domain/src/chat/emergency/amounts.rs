//! Numbers of pills.

/// From so many on it isn't what is taken at a time: packets of one dose hold fewer.
const MANY: u32 = 10;
/// Units of nothing but drugs.
const PILLS: &str = "알 정 캡슐";
/// Units of anything.
const THINGS: &str = "개 통 병 판 봉지";
/// What begins like a unit and is none: months, 정도, 정말, 알레르기, 병원.
const NO_UNITS: &str = "개월 정도 정말 알레르 알려 병원 통증 판매";
/// Numbers in words from ten on.
const WORDS: &str = "열 열한 열두 열세 열네 열다섯 열여섯 열일곱 열여덟 열아홉 스무 스물 서른 마흔 쉰 예순 일흔 여든 아흔 백 \
    수십 수백 몇십 몇백 이십 삼십 사십 오십 육십 칠십 팔십 구십";
/// Nouns that end like a number with a unit begins: 열정.
const NO_NUMBERS: &str = "열정 백정 수백정도";

/// Whether a text without spaces counts ten pills or more; boxes and pieces only where a drug is named.
/// Strengths (`500mg`) and times (`10시`) have other units. A number that doesn't fit is many.
pub(super) fn are_many(text: &str, names_drug: bool) -> bool {
    let unit = |rest: &str| {
        !begins(rest, NO_UNITS) && (begins(rest, PILLS) || (names_drug && begins(rest, THINGS)))
    };
    let in_words = WORDS.split_whitespace().any(|word| {
        text.match_indices(word).any(|(at, _)| {
            let from = text.get(at..).unwrap_or_default();
            !begins(from, NO_NUMBERS) && from.strip_prefix(word).is_some_and(unit)
        })
    });
    in_words || in_digits(text).any(|(number, rest)| number >= MANY && unit(rest))
}

fn begins(text: &str, list: &str) -> bool {
    list.split_whitespace().any(|one| text.starts_with(one))
}

/// Each number of a text and what follows it.
fn in_digits(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, from) = rest.split_at_checked(rest.find(|c: char| c.is_ascii_digit())?)?;
        let end = from
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(from.len());
        let (digits, behind) = from.split_at_checked(end)?;
        rest = behind;
        Some((digits.parse().unwrap_or(u32::MAX), behind))
    })
}
