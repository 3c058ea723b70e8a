//! The words of Korean nomenclature that [`Substance`](super::Substance) knows.

/// Preparations of a raw material; longer ones first.
pub(super) const FORMS: &[&str] = &[
    "제피과립",
    "제피세립",
    "(미분화)",
    "1000배산",
    "100배산",
    "10배산",
    "펠렛",
    "과립",
    "세립",
];

/// What a crystal may hold besides water.
pub(super) const SOLVENTS: &[&str] = &["프로판디올", "디메틸설폭시드"];

pub(super) const WATERS: &[&str] = &["세스키히드레이트", "무수물", "수화물"];

/// What may stand before 수화물.
pub(super) const WATER_COUNTS: &[&str] = &[
    "헤미",
    "세스키",
    "1/2",
    "2.5",
    "1.5",
    "3/2",
    "5/2",
    "반",
    "일",
    "이",
    "삼",
    "사",
    "오",
    "육",
    "칠",
    "팔",
    "구",
    "십이",
    "십",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
];

/// Acids whose salts end in 염 (`…말레산염`) and, in older names, stand first (`말레산…`).
pub(super) const ACIDS: &[&str] = &[
    "브롬화수소산",
    "아스파르트산",
    "락토비온산",
    "나파디실산",
    "황산수소",
    "메틸황산",
    "오로트산",
    "니코틴산",
    "아디프산",
    "캄실산",
    "요오드화수소산",
    "타르타르산",
    "푸마르산",
    "시트르산",
    "말레산",
    "숙신산",
    "아세트산",
    "글루콘산",
    "옥살산",
    "메실산",
    "베실산",
    "토실산",
    "에디실산",
    "나프실산",
    "파모산",
    "말론산",
    "말산",
    "락트산",
    "구연산",
    "주석산",
    "염산",
    "황산",
    "질산",
    "인산",
    "초산",
    "젖산",
];

pub(super) const HALIDES: &[&str] = &["염화물", "브롬화물", "요오드화물"];

/// Bases whose salts end in their name.
pub(super) const CATIONS: &[&str] = &[
    "트로메타민염",
    "트로메타민",
    "디에틸암모늄",
    "디메글루민",
    "메글루민",
    "마그네슘",
    "스트론튬",
    "나트륨염",
    "칼슘염",
    "칼륨염",
    "디나트륨",
    "삼나트륨",
    "나트륨",
    "칼륨",
    "칼슘",
    "아르기닌",
    "리신",
];

/// Elements that are what a product gives; salts of them are substances of their own.
pub(super) const METALS: &[&str] = &[
    "알루미늄",
    "마그네슘",
    "스트론튬",
    "비스무트",
    "비스마스",
    "나트륨",
    "칼륨",
    "칼슘",
    "리튬",
    "망간",
    "아연",
    "구리",
    "바륨",
    "코발트",
    "크롬",
    "셀렌",
    "암모늄",
    "제일철",
    "제이철",
    "철",
    "은",
    "금",
];

/// A name that begins so is an inorganic salt.
pub(super) const MINERALS: &[&str] = &[
    "염화",
    "탄산",
    "수산화",
    "산화",
    "과산화",
    "요오드화",
    "브롬화",
    "플루오르화",
    "불화",
    "규산",
    "메타규산",
    "아황산",
    "메타중아황산",
    "티오황산",
    "과망간산",
    "붕산",
    "몰리브덴산",
    "아셀렌산",
];

/// Acids whose salts are substances of their own: the metal is the point, or which of two metals it is
/// (sodium edetate given for calcium edetate has killed), or the acid itself is and the base is not.
pub(super) const CARRIERS: &[&str] = &[
    "폴리스티렌설폰산",
    "폴리스티렌술폰산",
    "에데트산",
    "라넬산",
    "탄산",
    "글루탐산",
    "살리실산",
    "스테아르산",
    "글리세로인산",
    "피로인산",
];

/// Acids that make esters of alcohols, with the endings of names that such alcohols have: 초산 of a
/// steroid or a tocopherol is no salt, and the ester is another medicine.
pub(super) const ESTERS: &[(&[&str], &[&str])] = &[
    (
        &[
            "아세트산",
            "초산",
            "인산",
            "숙신산",
            "황산",
            "질산",
            "니코틴산",
        ],
        &["손", "론", "다마이신", "다라빈", "독살", "졸리드", "플라빈"],
    ),
    (
        &["아세트산", "초산", "니코틴산"],
        &["올", "롤", "놀", "톨", "탈", "마이신"],
    ),
];

/// What is left of a small ester or amine salt is no substance: 살리실산메틸 and 초산메틸 are strangers.
pub(super) const RADICALS: &[&str] = &[
    "메틸",
    "에틸",
    "프로필",
    "부틸",
    "아밀",
    "벤질",
    "페닐",
    "글리콜",
    "에틸아민",
    "메틸아민",
];
