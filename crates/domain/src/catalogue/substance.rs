//! Which names are salts, hydrates or preparations of one substance.
//!
//! The rules only ever take away endings and beginnings that Korean nomenclature adds to a name
//! (대한민국약전 통칙: `…염산염`, `…나트륨`, `…수화물`, `무수…`; the older order `염산…`). A name that
//! would be left as a metal, a mineral or a common acid keeps its ion: 염화나트륨, 탄산칼슘 and
//! 글루콘산칼슘 are substances of their own. What isn't recognised stays a substance of its own, too:
//! a missed relation is harmless, an invented one is not.

use serde::{Deserialize, Serialize};

use super::canonical_ingredient_name;

/// A name taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Substance {
    /// The substance itself; never empty unless the name is.
    pub base: String,
    /// The salt (`염산염`, `나트륨`), in the order of the name.
    pub salts: Vec<String>,
    /// Water (`수화물`, `삼수화물`, `무수`).
    pub hydrate: Option<String>,
    /// The preparation (`과립`, `제피세립`).
    pub form: Option<String>,
}

/// Preparations of a raw material; longer ones first.
const FORMS: &[&str] = &[
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

const WATERS: &[&str] = &["세스키히드레이트", "무수물", "수화물"];

/// What may stand before 수화물.
const WATER_COUNTS: &[&str] = &[
    "1/2", "2.5", "1.5", "3/2", "5/2", "반", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구",
    "십이", "십", "1", "2", "3", "4", "5", "6", "7",
];

/// Acids whose salts end in 염 (`…말레산염`) and, in older names, stand first (`말레산…`).
const ACIDS: &[&str] = &[
    "브롬화수소산",
    "요오드화수소산",
    "타르타르산",
    "푸마르산",
    "시트르산",
    "말레산",
    "숙신산",
    "아세트산",
    "살리실산",
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

const HALIDES: &[&str] = &["염화물", "브롬화물", "요오드화물"];

/// Bases whose salts end in their name.
const CATIONS: &[&str] = &[
    "트로메타민염",
    "트로메타민",
    "디에틸암모늄",
    "메글루민",
    "마그네슘",
    "나트륨",
    "칼륨",
    "칼슘",
    "아르기닌",
    "리신",
];

/// Elements that are what a product gives; salts of them are substances of their own.
const METALS: &[&str] = &[
    "알루미늄",
    "마그네슘",
    "스트론튬",
    "비스무트",
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
const MINERALS: &[&str] = &[
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

/// Acids that are not the point of their metal salts.
const CARRIERS: &[&str] = &[
    "아스파르트산",
    "오로트산",
    "스테아르산",
    "글리세로인산",
    "피로인산",
];

impl Substance {
    /// Takes a name apart.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let name = canonical_ingredient_name(name);
        let (rest, form) = cut_end(&name, FORMS);
        let (rest, hydrate) = cut_water(rest);
        let (base, salts) = cut_salts(rest).unwrap_or((rest, Vec::new()));
        Self {
            base: base.to_owned(),
            salts: salts.into_iter().map(str::to_owned).collect(),
            hydrate: hydrate.map(str::to_owned),
            form: form.map(str::to_owned),
        }
    }
}

/// The name without the first of these endings that it has, if something is left.
fn cut_end<'a>(name: &'a str, endings: &[&'static str]) -> (&'a str, Option<&'static str>) {
    endings
        .iter()
        .find_map(|ending| {
            let rest = name.strip_suffix(ending)?.trim_end();
            is_name(rest).then_some((rest, Some(*ending)))
        })
        .unwrap_or((name, None))
}

fn cut_water(name: &str) -> (&str, Option<&str>) {
    if let Some(rest) = name.strip_prefix("무수").map(str::trim_start)
        && is_name(rest)
        && !rest.starts_with('물')
    {
        return (rest, Some("무수"));
    }
    let (rest, Some(_)) = cut_end(name, WATERS) else {
        return (name, None);
    };
    // A count is only taken from a name that keeps its own syllables: 카페인일수화물 → 카페인.
    let (rest, _) = if name.ends_with("수화물") {
        cut_end(rest, WATER_COUNTS)
    } else {
        (rest, None)
    };
    (rest, name.strip_prefix(rest).map(str::trim_start))
}

/// The substance and its salts; nothing where the name is no salt or the ion is the point of it.
fn cut_salts(name: &str) -> Option<(&str, Vec<&'static str>)> {
    // An ester, not a salt: isosorbide and its nitrates are different medicines.
    let ester = name.contains("이소소르비드");
    if ester
        || name.contains("알루민산")
        || MINERALS.iter().any(|mineral| name.starts_with(mineral))
    {
        return None;
    }
    let mut rest = name;
    let mut salts = Vec::new();
    while let Some((shorter, salt)) = cut_one_salt(rest) {
        rest = shorter;
        salts.insert(0, salt);
    }
    if salts.is_empty() {
        return None;
    }
    is_substance(rest).then_some((rest, salts))
}

fn cut_one_salt(name: &str) -> Option<(&str, &'static str)> {
    let acid_salt = || {
        let stem = name.strip_suffix('염')?;
        ACIDS
            .iter()
            .find_map(|acid| Some((stem.strip_suffix(acid)?, *acid)))
    };
    let ending = || {
        CATIONS
            .iter()
            .chain(HALIDES)
            .find_map(|ion| Some((name.strip_suffix(ion)?, *ion)))
    };
    let beginning = || {
        ACIDS
            .iter()
            .find_map(|acid| Some((name.strip_prefix(acid)?, *acid)))
    };
    let (rest, salt) = acid_salt().or_else(ending).or_else(beginning)?;
    let rest = rest.trim();
    (!rest.is_empty()).then_some((rest, salt))
}

/// Whether what is left names a substance, and no ion.
fn is_substance(name: &str) -> bool {
    is_name(name)
        && !name.starts_with("수소")
        && !name.starts_with("이수소")
        && !METALS
            .iter()
            .any(|metal| name == *metal || (metal.chars().count() > 1 && name.starts_with(metal)))
        && !ACIDS.iter().chain(CARRIERS).any(|acid| name.ends_with(acid))
        && !MINERALS.contains(&name)
        // 인산수소, 황산수소 …
        && !name.ends_with("수소")
}

/// Two letters at least, so that no rule eats a whole name.
fn is_name(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).nth(1).is_some()
}

#[cfg(test)]
mod tests;
