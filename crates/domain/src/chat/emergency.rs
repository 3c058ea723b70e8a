//! Words of an emergency, answered before anything else, with 119 and 109.
//!
//! Sources: 119 is the number of 소방청 for rescue and ambulances (119구조·구급에 관한 법률); 109 is
//! 자살예방 상담전화, the one number of 보건복지부 since January 2024, at any hour.
//!
//! A text is looked at without case, spaces, punctuation and unseen characters, so that `숨 이 안 쉬어`
//! and `숨이안쉬어` are one. A word too many is cheap here, a word missed is not: what is found is answered
//! with the numbers and goes to people; it never stops the visitor from asking on.

use unicode_normalization::UnicodeNormalization;

/// What kind of help is needed first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Emergency {
    /// Wish to die or self-harm.
    SelfHarm,
    /// Too much of a drug, or a poison.
    Poisoning,
    /// Breath, consciousness, heart, anaphylaxis.
    Body,
}

const SELF_HARM: &[&str] = &[
    "자살",
    "쟈살",
    "자쌀",
    "자해하",
    "자해했",
    "자해를",
    "자해충동",
    "죽고싶",
    "죽구싶",
    "죽고십",
    "주꼬싶",
    "죽어버리고",
    "죽을래",
    "죽으려고",
    "살기싫",
    "살기시러",
    "살고싶지않",
    "목숨을끊",
    "생을마감",
    "목매",
    "손목을그",
    "손목그었",
    "약먹고죽",
    "먹으면죽",
    "치사량",
    "ㅈㅅ하고",
    "ㅈㅅ할",
    "뛰어내리고싶",
    "suicide",
    "killmyself",
];
const POISONING: &[&str] = &[
    "과다복용했",
    "과다복용한",
    "과다복용을했",
    "과량복용했",
    "과량을먹",
    "약물과다",
    "너무많이먹었",
    "너무많이먹어버",
    "한꺼번에먹었",
    "한통을다먹",
    "한통다먹",
    "한병을다먹",
    "한움큼먹",
    "한웅큼먹",
    "수면제를많이먹",
    "수면제많이먹",
    "음독",
    "농약을먹",
    "농약을마",
    "락스를마",
    "락스마",
    "락스를먹",
    "락스먹",
    "쥐약을먹",
    "건전지를삼",
    "약을삼켰",
    "약을집어먹",
    "중독된것같",
    "overdose",
];
const BODY: &[&str] = &[
    "숨을못쉬",
    "숨을못셔",
    "숨못쉬",
    "숨을안쉬",
    "숨이안쉬",
    "숨을쉴수없",
    "숨안쉬",
    "숨이안셔",
    "숨쉬기힘들",
    "숨쉬기가힘들",
    "숨이막혀",
    "숨막혀",
    "호흡곤란이",
    "호흡곤란와",
    "호흡이안",
    "호흡을안",
    "의식이없",
    "의식을잃",
    "의식없어",
    "기절했",
    "쓰러졌",
    "쓰러져",
    "경련을해",
    "경련해요",
    "경련하고있",
    "발작을해",
    "발작해요",
    "심정지",
    "아나필락시스가",
    "아나필락시스인",
    "가슴이조여",
    "목이부어",
    "입술이파래",
    "피를토",
    "cantbreathe",
];
/// Asked about, not suffered: titles and leaflets. Taken out before words are looked for.
const HARMLESS: &[&str] = &[
    "자살예방상담전화번호",
    "자살골",
    "약물과다사용두통",
    "심정지액",
];
/// Who swallowed what isn't theirs.
const CHILD: &[&str] = &[
    "아기가",
    "아이가",
    "애가",
    "애기가",
    "아들이",
    "딸이",
    "조카가",
    "강아지가아니라아기",
];
const SWALLOWED: &[&str] = &[
    "삼켰",
    "삼켯",
    "집어먹었",
    "주워먹었",
    "먹어버렸",
    "먹어버렷",
    "몰래먹었",
    "다먹었",
];

/// The emergency that a text tells of, the gravest first by the number to call.
#[must_use]
pub fn recognise(text: &str) -> Option<Emergency> {
    let mut plain: String = text
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .nfc()
        .collect();
    // NFKC turns the keyboard's ㅈㅅ into conjoining letters.
    plain = plain.replace("\u{110c}\u{1109}", "ㅈㅅ");
    for harmless in HARMLESS {
        plain = plain.replace(harmless, "\u{1}");
    }
    let any = |words: &[&str]| words.iter().any(|word| plain.contains(word));
    if any(SELF_HARM) {
        Some(Emergency::SelfHarm)
    } else if any(POISONING) || (any(CHILD) && any(SWALLOWED)) {
        Some(Emergency::Poisoning)
    } else if any(BODY) {
        Some(Emergency::Body)
    } else {
        None
    }
}

/// What is said first; a person is told as well, the bot never goes on alone.
#[must_use]
pub fn answer(emergency: Emergency) -> &'static str {
    match emergency {
        Emergency::SelfHarm => {
            "지금 위험하다면 바로 119에 전화해 주세요. 혼자 견디기 힘들 때는 자살예방 상담전화 109에서 24시간 이야기를 들어 드려요. 전화번호: 119, 109"
        }
        Emergency::Poisoning => {
            "바로 119에 전화해 주세요. 억지로 토하게 하지 말고, 먹은 약이나 제품의 포장을 가지고 계세요. 스스로 해치고 싶은 마음이 든다면 자살예방 상담전화 109도 24시간 열려 있어요. 전화번호: 119, 109"
        }
        Emergency::Body => {
            "바로 119에 전화해 주세요. 이 채팅으로는 응급 상황을 도울 수 없어요. 마음이 위급할 때는 자살예방 상담전화 109가 24시간 열려 있어요. 전화번호: 119, 109"
        }
    }
}
