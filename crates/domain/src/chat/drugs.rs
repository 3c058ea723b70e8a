//! Questions about drugs, which the search page answers and the bot doesn't.
//!
//! The chat server has no catalogue: it knows how names of drugs end and stand in a sentence, and those that
//! are asked for most. Whatever else a visitor means, the search page finds.

use super::words::{stem, words};

/// Names that are asked for without a word that says they are drugs: ones sold in every Korean pharmacy and
/// active ingredients that everybody knows.
const NAMES: &str = "타이레놀 아스피린 게보린 펜잘 사리돈 이지엔 탁센 애드빌 부루펜 챔프 판콜 판피린 콜대원 테라플루 화이투벤 \
    지르텍 클라리틴 알레그라 훼스탈 베아제 겔포스 개비스콘 알마겔 스멕타 로페라미드 둘코락스 정로환 까스활명수 후시딘 \
    마데카솔 비판텐 라미실 카네스텐 우루사 아로나민 임팩타민 인사돌 이가탄 머시론 센시아 마이보라 노레보 엘라원 타미플루 \
    졸피뎀 스틸녹스 자낙스 로라제팜 프로작 렉사프로 콘서타 리피토 노바스크 자누비아 메트포르민 글루코파지 비아그라 시알리스 \
    프로페시아 아보다트 위고비 삭센다 마운자로 이부프로펜 덱시부프로펜 나프록센 아세트아미노펜 세티리진 로라타딘 오메프라졸 \
    아목시실린 와파린 케토프로펜 디클로페낙 멜라토닌 슈도에페드린";
/// Ask about a drug whatever else is said.
const CUES: &str = "부작용 성분 복용 효능 효과 용법 용량 주의사항 상호작용 병용 드셔도 먹어도 먹으면 먹는법 임산부 임신 \
    수유 유통기한 금기 처방 함량";
/// Cues that mean a drug though none is named.
const STRONG: &str = "부작용 복용 용법 주의사항 상호작용 병용 효능";
/// Words that end in 약 and are no drugs, or no particular one.
const NOT_BY_YAK: &str = "예약 계약 요약 절약 공약 조약 제약 취약 협약 해약 만약 농약 치약 서약 도약 확약 선약 쥐약 빈약 \
    미약 쇠약 허약 노약 집약 규약 언약 청약 위약 명약 화약 폭약 구두약 재계약 신약 \
    약 이약 그약 저약 무슨약 어떤약 다른약 제약회사";
/// Common words before a cue that name nothing.
const NO_NAMES: &str = "약 이약 그약 저약 약은 알약 무슨 어떤 이거 그거 저거 이것 그것 같이 함께 하루 오늘 어제 아침 저녁 점심 \
    식후 식전 공복 매일 계속 많이 조금 얼마 몇 번 아이 아기 엄마 아빠 할머니 할아버지 임산부 임신 임신중 수유 수유중 제가 저는 \
    우리 혹시 그럼 그냥 너무 지금 술 음식 커피 우유 자몽 물 밥 죽 정말 진짜 어떻게 언제 왜 뭐 무엇 있나요 있는 심한 주요 처방 \
    여러 두 세 둘 셋 다 더 또 다시 둘다";
/// Longest name that is looked for, in characters.
const LONGEST: usize = 40;

/// What a visitor asks the search page for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DrugQuestion {
    /// A drug, or a kind of drug, by this name.
    About(String),
    /// Drugs, without a name.
    Unnamed,
}

impl DrugQuestion {
    /// Where it is answered, as a path of the search page.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::About(name) => format!("/?query={}", encoded(name)),
            Self::Unnamed => "/".to_owned(),
        }
    }
}

fn encoded(text: &str) -> String {
    let byte = |b: u8| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(b).to_string(),
        _ => format!("%{b:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// Whether a text asks about drugs. O(words).
#[must_use]
pub fn question(text: &str) -> Option<DrugQuestion> {
    let words = words(text);
    let bare: Vec<&str> = words.iter().map(|word| stem(word)).collect();
    let about = |name: &&str| DrugQuestion::About(name.chars().take(LONGEST).collect());
    let named = bare.iter().find(|word| is_name(word));
    if let Some(name) = named.or_else(|| bare.iter().find(|word| has_form(word))) {
        return Some(about(name));
    }
    if let Some(name) = before_dose(&words, &bare) {
        return Some(about(&name));
    }
    let cue = words.iter().position(|word| begins(word, CUES))?;
    let candidate = bare
        .iter()
        .take(cue)
        .rev()
        .find(|word| word.chars().nth(1).is_some() && !is_one_of(word, NO_NAMES));
    let strong = words.iter().any(|word| begins(word, STRONG));
    let drug = bare
        .iter()
        .any(|word| is_one_of(word, "약 이약 그약 저약 알약 약물 의약품"));
    match candidate {
        Some(name) if strong => Some(about(name)),
        _ => (strong || drug).then_some(DrugQuestion::Unnamed),
    }
}

fn is_one_of(word: &str, list: &str) -> bool {
    list.split_whitespace().any(|one| one == word)
}

fn begins(word: &str, list: &str) -> bool {
    list.split_whitespace().any(|one| word.starts_with(one))
}

/// One of the names that everybody knows, or a word like 감기약.
fn is_name(word: &str) -> bool {
    let kind = word.ends_with('약') && !is_one_of(word, NOT_BY_YAK);
    kind || begins(word, NAMES)
}

/// 타이레놀정, 판콜시럽: what nothing but a drug ends in.
fn has_form(word: &str) -> bool {
    const FORMS: &str = "캡슐 시럽 연고 연질캡슐 서방정 츄어블정 점안액 점비액 현탁액 과립 좌제 패취 밀리그램 mg 장용정";
    FORMS.split_whitespace().any(|form| {
        word.strip_suffix(form).is_some_and(|name| {
            name.chars().nth(1).is_some() && name.chars().any(char::is_alphabetic)
        })
    })
}

/// 무엇 500 mg: the word before a number with a unit of strength.
fn before_dose<'a>(words: &[String], bare: &[&'a str]) -> Option<&'a str> {
    let dose = words.iter().position(|word| {
        let unit = word.trim_start_matches(|c: char| c.is_ascii_digit());
        unit.len() < word.len() && begins(unit, "mg 밀리그램 mcg 마이크로그램")
    })?;
    let name = bare.get(dose.checked_sub(1)?)?;
    (!is_one_of(name, NO_NAMES) && name.chars().nth(1).is_some()).then_some(name)
}
