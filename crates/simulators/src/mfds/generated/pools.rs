//! What generated products are put together from.

use std::collections::HashSet;

use super::super::wire;
use super::random::Random;

/// How many makers there are, about as many as in the real list.
const MAKERS: usize = 600;
/// How many active ingredients there are.
const INGREDIENTS: usize = 1_500;
/// How many additives there are.
const ADDITIVES: usize = 300;
/// How many classes (types) there are.
const CLASSES: u32 = 120;
/// How many sentences documents are made of.
const SENTENCES: usize = 600;

pub(crate) const SYLLABLES: [&str; 64] = [
    "가", "나", "다", "라", "마", "바", "사", "아", "자", "카", "타", "파", "하", "게", "네", "데",
    "레", "메", "베", "세", "에", "제", "케", "테", "페", "헤", "노", "도", "로", "모", "보", "소",
    "오", "조", "코", "토", "포", "호", "니", "디", "리", "미", "비", "시", "이", "지", "키", "티",
    "피", "히", "누", "두", "루", "무", "부", "수", "알", "탄", "맥", "센", "콜", "덱", "엘",
    "프로",
];
const ENDINGS: [&str; 24] = [
    "핀",
    "졸",
    "신",
    "프릴",
    "사르탄",
    "스타틴",
    "마이신",
    "플록사신",
    "티딘",
    "프라졸",
    "디핀",
    "올롤",
    "글립틴",
    "플로진",
    "펜",
    "락",
    "티닙",
    "맙",
    "비르",
    "졸람",
    "세핀",
    "트립탄",
    "파린",
    "사반",
];
const SALTS: [&str; 12] = [
    "",
    "",
    "",
    "",
    "염산염",
    "나트륨",
    "말레산염",
    "칼륨",
    "베실산염",
    "수화물",
    "푸마르산염",
    "칼슘삼수화물",
];
const REAL_INGREDIENTS: [&str; 20] = [
    "아세트아미노펜",
    "이부프로펜",
    "로수바스타틴칼슘",
    "암로디핀베실산염",
    "메트포르민염산염",
    "아토르바스타틴칼슘삼수화물",
    "클로피도그렐황산염",
    "발사르탄",
    "로사르탄칼륨",
    "세티리진염산염",
    "에스오메프라졸마그네슘삼수화물",
    "텔미사르탄",
    "덱시부프로펜",
    "나프록센",
    "아스피린",
    "글리메피리드",
    "몬테루카스트나트륨",
    "레보세티리진염산염",
    "라베프라졸나트륨",
    "파모티딘",
];
const REAL_ADDITIVES: [&str; 16] = [
    "스테아르산마그네슘",
    "미결정셀룰로오스",
    "유당수화물",
    "크로스카르멜로오스나트륨",
    "포비돈",
    "이산화규소",
    "산화티탄",
    "히프로멜로오스",
    "전분글리콜산나트륨",
    "탤크",
    "만니톨",
    "옥수수전분",
    "백당",
    "정제수",
    "젤라틴",
    "마크로골400",
];
const CLASS_WORDS: [&str; 16] = [
    "혈압강하",
    "해열.진통.소염",
    "동맥경화용",
    "소화성궤양용",
    "당뇨병용",
    "정신신경용",
    "진해거담",
    "항히스타민",
    "항전간",
    "간장질환용",
    "항악성종양",
    "제산",
    "골격근이완",
    "치과구강용",
    "정장",
    "효소",
];
const SUBJECTS: [&str; 20] = [
    "이 약에 과민증이 있는 환자",
    "심한 간장애가 있는 환자",
    "심한 신장애가 있는 환자",
    "고령자",
    "임부 또는 수유부",
    "소아",
    "위장관 출혈의 경험이 있는 환자",
    "기관지 천식이 있는 환자",
    "고혈압이 있는 환자",
    "심장기능이 떨어진 환자",
    "당뇨병 환자",
    "운전을 하거나 기계를 다루는 사람",
    "술을 자주 마시는 사람",
    "수술을 앞둔 환자",
    "탈수 상태의 환자",
    "갑상선 질환이 있는 환자",
    "녹내장이 있는 환자",
    "배뇨가 어려운 환자",
    "다른 약을 함께 쓰는 환자",
    "유당을 소화하지 못하는 환자",
];
const EVENTS: [&str; 16] = [
    "발진, 가려움, 두드러기",
    "구역, 구토, 식욕부진",
    "복통, 설사, 변비",
    "두통, 어지러움, 졸음",
    "피로, 무력감",
    "혈압의 저하",
    "심박수의 증가",
    "간 효소 수치의 상승",
    "혈중 크레아티닌의 상승",
    "백혈구 또는 혈소판의 감소",
    "근육통, 관절통",
    "부종, 체중의 증가",
    "시야의 흐림",
    "입안의 건조",
    "기침, 호흡곤란",
    "혈당의 변화",
];
const ADVICE: [&str; 12] = [
    "이러한 증상이 나타나면 사용을 멈추고 의사 또는 약사와 상의한다",
    "정기적으로 검사를 하여 상태를 살핀다",
    "용량을 줄이거나 간격을 늘린다",
    "치료상의 이익이 위험을 넘는다고 판단될 때에만 쓴다",
    "갑자기 중단하지 말고 서서히 줄인다",
    "충분한 물과 함께 쓴다",
    "다른 제제와의 간격을 두 시간 이상 둔다",
    "증상이 나아지지 않으면 다시 진찰을 받는다",
    "과량을 썼을 때는 대증요법을 한다",
    "투여 시작 후 며칠 동안 특히 주의한다",
    "환자의 상태를 충분히 관찰한다",
    "보호자의 지도 아래 사용한다",
];

/// A maker.
#[derive(Debug)]
pub(crate) struct Maker {
    pub(crate) name: String,
    pub(crate) number: String,
    pub(crate) business: String,
}

/// A substance with its code.
#[derive(Debug)]
pub(crate) struct Substance {
    pub(crate) code: String,
    pub(crate) name: String,
}

/// Everything that products draw from.
#[derive(Debug)]
pub(crate) struct Pools {
    pub(crate) makers: Vec<Maker>,
    pub(crate) classes: Vec<(String, String)>,
    pub(crate) ingredients: Vec<Substance>,
    pub(crate) additives: Vec<Substance>,
    /// Escaped for JSON, ready to be copied.
    pub(crate) sentences: Vec<Vec<u8>>,
}

impl Pools {
    pub(crate) fn new(seed: u64) -> Self {
        // The streams of products start from zero, so the pools take theirs from the end.
        let mut random = Random::new(seed, u64::MAX);
        Self {
            makers: makers(&mut random),
            classes: (0..CLASSES).map(class).collect(),
            ingredients: substances(
                &mut random,
                INGREDIENTS,
                100_000,
                &REAL_INGREDIENTS,
                ingredient,
            ),
            additives: substances(&mut random, ADDITIVES, 40_000, &REAL_ADDITIVES, additive),
            sentences: (0..SENTENCES).map(|_| sentence(&mut random)).collect(),
        }
    }
}

/// Two to `most` syllables.
pub(crate) fn syllables(random: &mut Random, most: u32) -> String {
    let count = random.between(2, most);
    (0..count).map(|_| random.word(&SYLLABLES)).collect()
}

fn makers(random: &mut Random) -> Vec<Maker> {
    let mut seen = HashSet::new();
    let mut makers = Vec::with_capacity(MAKERS);
    while makers.len() < MAKERS {
        let base = syllables(random, 3);
        let kind = random.word(&["제약", "약품", "바이오", "파마", "헬스케어"]);
        let name = match random.below(4) {
            0 => format!("{base}{kind}(주)"),
            1 => format!("(유){base}{kind}"),
            _ => format!("(주){base}{kind}"),
        };
        if seen.insert(name.clone()) {
            let index = u32::try_from(makers.len()).unwrap_or(u32::MAX);
            let number = (19_500_001 + index * 1_013).to_string();
            let business = (1_000_000_000 + u64::from(index) * 7_654_321).to_string();
            makers.push(Maker {
                name,
                number,
                business,
            });
        }
    }
    makers
}

fn class(index: u32) -> (String, String) {
    let words = u32::try_from(CLASS_WORDS.len()).unwrap_or(1);
    let word = usize::try_from(index % words)
        .ok()
        .and_then(|word| CLASS_WORDS.get(word));
    let word = word.copied().unwrap_or_default();
    let name = match index / words {
        0 => format!("{word}제"),
        1 => format!("기타의 {word}제"),
        round => format!("기타의 {word}제({round}군)"),
    };
    (format!("{:05}", 1_100 + index * 60), name)
}

fn substances(
    random: &mut Random,
    count: usize,
    code: u32,
    real: &[&str],
    make: fn(&mut Random) -> String,
) -> Vec<Substance> {
    let mut names: Vec<String> = real.iter().map(|name| (*name).to_owned()).collect();
    let mut seen: HashSet<String> = names.iter().cloned().collect();
    while names.len() < count {
        let name = make(random);
        if seen.insert(name.clone()) {
            names.push(name);
        }
    }
    let coded = names.into_iter().zip(code..);
    coded
        .map(|(name, code)| Substance {
            code: format!("M{code:06}"),
            name,
        })
        .collect()
}

fn ingredient(random: &mut Random) -> String {
    format!(
        "{}{}{}",
        syllables(random, 3),
        random.word(&ENDINGS),
        random.word(&SALTS)
    )
}

fn additive(random: &mut Random) -> String {
    match random.below(3) {
        0 => format!(
            "{}향 {}",
            syllables(random, 2),
            random.between(1_000, 999_999)
        ),
        1 => format!("{}색소 {}호", syllables(random, 2), random.between(1, 99)),
        _ => format!(
            "{}셀룰로오스{}",
            syllables(random, 3),
            random.between(1, 400)
        ),
    }
}

/// A sentence of 40 to 200 characters.
fn sentence(random: &mut Random) -> Vec<u8> {
    let mut text = format!("{}에게 {}", random.word(&SUBJECTS), random.word(&EVENTS));
    for _ in 0..random.below(3) {
        text.push_str(", ");
        text.push_str(random.word(&EVENTS));
    }
    text.push_str(match random.below(4) {
        0 => " 등이 드물게(&lt;1/1,000) 나타날 수 있다. ",
        1 => "&nbsp;등이 나타날 수 있다. ",
        _ => " 등이 나타날 수 있다. ",
    });
    for _ in 0..random.between(1, 2) {
        text.push_str(random.word(&ADVICE));
        text.push_str(". ");
    }
    let mut escaped = Vec::new();
    wire::escape(text.trim_end().as_bytes(), &mut escaped);
    escaped
}
