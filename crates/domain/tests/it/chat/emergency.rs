//! Emergencies are found, everyday questions of a pharmacy are not.

use domain::chat::emergency::Emergency::{Body, Poisoning, SelfHarm};
use domain::chat::emergency::{Emergency, answer, recognise};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

const FOUND: &[(Emergency, &[&str])] = &[
    (
        SelfHarm,
        &[
            "죽고 싶어요",
            "그냥 죽고십다..",
            "죽.고.싶.다",
            "죽 고 싶 다",
            "죽ㅠ고ㅠ싶어",
            "wnrrhtlvek",
            "ㅈㅜㄱㄱㅗㅅㅣㅍㄷㅏ",
            "죽고시퍼요",
            "디지고 싶다",
            "ㅈㅅ하고 싶다",
            "자살하고 싶어요",
            "나 자살할래",
            "나자살할래",
            "엄마가 자살하려고 해요",
            "자1살",
            "동반자살",
            "자해했어요",
            "자해 충동이 들어요",
            "손목을 그었어요",
            "수면제 치사량이 얼마예요",
            "약 몇 알 먹으면 죽나요",
            "타이레놀 얼마나 먹어야 죽을 수 있어요",
            "약 먹고 죽으려고요",
            "살고 싶지 않아요",
            "살기 싫다 진짜",
            "더는 못 살겠어요",
            "그냥 사라지고 싶어",
            "안 아프게 죽는 방법",
            "유서를 썼어요",
            "뛰어내리고 싶어요",
            "I want to die",
            "Suicide",
            "kill my self",
        ],
    ),
    (
        Poisoning,
        &[
            "약을 한 통 다 먹었어요",
            "약을 한통 다 먹엇어요",
            "약한통다먹었어요",
            "타이레놀을 한꺼번에 먹었어요",
            "타이레놀 20알 먹었어요",
            "수면제 서른 알을 삼켰어요",
            "졸피뎀 스무알 먹었는데 어떡해요",
            "수면제를 한 움큼 먹었어요",
            "혈압약을 실수로 두 배로 먹었어요",
            "과다복용한 것 같아요",
            "약을 너무 많이 먹었어요",
            "아이가 혈압약을 삼켰어요!!",
            "30개월 아기가 약을 집어먹었어요",
            "할머니가 약을 잘못 드신 것 같아요 한 번에 다 드셨어요",
            "락스를 마셨어요",
            "세제를 먹어버렸어요",
            "아기가 건전지를 삼킨 것 같아요",
            "농약 마심",
            "took an overdose",
        ],
    ),
    (
        Body,
        &[
            "숨이 안 쉬어져요",
            "숨 이 안 쉬어 져요",
            "숨이않쉬어져요",
            "숨을 못 쉬겠어요",
            "숨 쉴 수가 없어",
            "약 먹고 숨쉬기가 힘들어요",
            "호흡곤란",
            "약 먹고 호흡곤란이 왔어요",
            "엄마가 의식이 없어요",
            "아빠가 쓰러졌어요",
            "아이가 경련을 해요",
            "가슴이 쥐어짜듯 아파요",
            "심장마비 같아요",
            "말이 어눌해지고 한쪽 팔다리에 힘이 없어요",
            "피를 토했어요",
            "주사 맞고 아나필락시스가 온 것 같아요",
            "입술이 파래요",
            "불러도 반응이 없어요",
            "119",
            "살려주세요",
            "I can't breathe",
        ],
    ),
];

const ORDINARY: &[&str] = &[
    "죽 먹어도 되나요",
    "약 먹고 죽 먹어도 되나요",
    "약 먹으면 죽을 먹어야 하나요",
    "팥죽 먹고 싶어요",
    "숨은 그림",
    "숨은그림찾기",
    "자살골",
    "축구에서 자살골 넣었어요",
    "혼자 살아요",
    "혼자살고 있어요",
    "남자 살 빼는 약 있나요",
    "남자살빼는약",
    "자, 살펴보면",
    "혼자 해결했어요",
    "피자 해도 되나요",
    "자해석 부탁드려요",
    "손목 그리고 발목이 아파요",
    "목을 매일 소독해요",
    "배고파 죽겠어요",
    "머리 아파 죽겠네",
    "밥을 너무 많이 먹었어요 소화제 추천해 주세요",
    "어제 너무 많이 먹었더니 체했어요",
    "밥을 너무 많이 먹었는데 약을 사야 하나요",
    "심한 통증이 있어서 진통제를 먹었어요",
    "위산과다 약을 먹었어요",
    "하루에 한 알 먹었어요",
    "타이레놀 두 알 먹었는데 또 먹어도 되나요",
    "30개월 아이가 감기약을 먹었어요",
    "10시에 약을 먹었어요",
    "타이레놀 500mg 먹었어요",
    "10정도 먹었어요",
    "열정적으로 먹었어요",
    "귤 10개 먹었어요",
    "아이가 밥을 다 먹었어요",
    "아이가 먹어도 되는 해열제 있나요",
    "강아지가 사료를 집어먹었어요",
    "이 약 다 먹어야 하나요",
    "과다복용하면 어떻게 되나요",
    "호흡곤란 부작용이 있는 약인가요",
    "눈 밑 경련에 좋은 영양제",
    "눈꺼풀 경련이 와요",
    "위경련 약 주세요",
    "무의식이 없다",
    "목이 부었어요 감기약 추천해 주세요",
    "발목이 조여요",
    "처음 독감 걸렸어요",
    "생각 혈압이 높아요",
    "체질 식이섬유",
    "신나게 먹었어요",
    "암브록솔염산염 먹었어요",
    "배고파 밥 먹고 싶어요",
    "천식약 성분 알려주세요",
    "타이레놀 하루에 몇 번 먹어요?",
    "락스 냄새가 나요",
    "세제 냄새가 나요",
    "상담 연결해 주세요",
    "죽염 있나요",
    "안녕하세요",
    "tylenol 500mg",
    "",
];

#[test]
fn emergencies_are_found() {
    for &(kind, texts) in FOUND {
        for text in texts {
            assert_eq!(recognise(text), Some(kind), "{text}");
        }
    }
}

#[test]
fn ordinary_questions_are_not() {
    let found: Vec<_> = ORDINARY
        .iter()
        .filter_map(|text| Some((text, recognise(text)?)))
        .collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn each_answer_names_both_numbers() {
    for kind in [SelfHarm, Poisoning, Body] {
        assert!(answer(kind).contains("119") && answer(kind).contains("109"));
        assert!(!answer(kind).contains("  "), "{}", answer(kind));
    }
}

fn found() -> impl Strategy<Value = (Emergency, String)> {
    let all: Vec<_> = FOUND
        .iter()
        .flat_map(|&(kind, texts)| texts.iter().map(move |&text| (kind, text.to_owned())))
        .collect();
    prop::sample::select(all)
}

proptest! {
    #[test]
    fn spelling_and_spacing_change_nothing((kind, text) in found(), gaps in prop::collection::vec(0_u8..8, 80)) {
        let apart: String = text.nfd().collect();
        prop_assert_eq!(recognise(&apart), Some(kind), "NFD {}", &text);
        prop_assert_eq!(recognise(&text.to_uppercase()), Some(kind));
        // These mean help only alone, or are keys that nobody types with spaces between.
        if ["119", "호흡곤란", "wnrrhtlvek", "ㅈㅜㄱㄱㅗㅅㅣㅍㄷㅏ"].contains(&text.as_str()) { return Ok(()); }
        let mut spaced = String::new();
        for (c, gap) in text.chars().zip(gaps.iter().cycle()) {
            spaced.push(c);
            match gap { 0 => spaced.push(' '), 1 => spaced.push('.'), 2 => spaced.push('\u{200b}'), _ => {} }
        }
        prop_assert!(recognise(&spaced).is_some(), "{}", spaced);
        let within = format!("안녕하세요 {text} 도와줘요");
        prop_assert!(recognise(&within).is_some(), "{}", within);
    }

    #[test]
    fn any_text_is_looked_at_without_harm(text in "\\PC{0,300}") {
        prop_assert_eq!(recognise(&text), recognise(&text));
    }
}
