//! Dosage form, route and release of a product, as far as name and pill identification tell.

use serde::{Deserialize, Serialize};

use super::Medicine;

/// The way into the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Route {
    /// Swallowed.
    Oral,
    /// Under the tongue or in the cheek.
    Oromucosal,
    /// Vaginal.
    Vaginal,
    /// Rectal.
    Rectal,
    /// Inhaled.
    Inhalation,
    /// Injected or infused.
    Injection,
    /// On the skin.
    Topical,
    /// Into the eye.
    Ophthalmic,
    /// Into the nose.
    Nasal,
}

/// How the substance is set free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Release {
    /// At once.
    Immediate,
    /// Slowly (서방).
    Prolonged,
    /// After the stomach (장용).
    Enteric,
    /// Both (서방 and 장용).
    ProlongedEnteric,
}

/// What is known of a product's form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FormProfile {
    /// The dosage form as the pill identification or the name writes it (`필름코팅정`, `시럽`).
    pub form: Option<String>,
    /// The form is a code name of the pill identification: two such that differ are two forms. One
    /// read from a name (`정`), or that says it is unclassified, may be any of several.
    pub precise: bool,
    /// The way into the body.
    pub route: Option<Route>,
    /// How the substance is set free.
    pub release: Option<Release>,
}

/// Endings of a product's name before its strength, longer ones first; only such as leave no doubt.
const NAME_FORMS: &[(&str, Option<Route>, Option<Release>)] = &[
    ("건조시럽", Some(Route::Oral), None),
    ("현탁액", None, None),
    ("점안액", Some(Route::Ophthalmic), None),
    ("안연고", Some(Route::Ophthalmic), None),
    ("주사액", Some(Route::Injection), None),
    ("주사", Some(Route::Injection), None),
    ("프리필드시린지주", Some(Route::Injection), None),
    ("트로키", Some(Route::Oromucosal), Some(Release::Immediate)),
    ("좌제", None, None),
    ("시럽", Some(Route::Oral), None),
    ("크림", None, None),
    ("연고", None, None),
    ("로션", None, None),
    ("패취", Some(Route::Topical), None),
    ("플라스타", Some(Route::Topical), None),
    ("카타플라스마", Some(Route::Topical), None),
    ("과립", None, None),
    ("캡슐", None, None),
    ("정", None, None),
];

/// Marks of a name that a plain form doesn't tell: changed release in all its spellings. The pill list
/// has 장용정 and 지속정 whose form is 필름코팅정.
const RELEASE_MARKS: &[&str] = &[
    "서방",
    "장용",
    "지속",
    "리타드",
    "레타드",
    "오로스",
    "8시간",
    "이알",
    "엑스알",
    "씨알",
    "에스알",
    "엑스엘",
    "ER",
    "XR",
    "CR",
    "SR",
    "XL",
    "LP",
    "OROS",
    "MR",
    "DR",
];

impl FormProfile {
    /// What is known of a medicine. The pill identification speaks first, where all its rows agree;
    /// else the ending of the name before its strength or brackets.
    #[must_use]
    pub fn of(medicine: &Medicine) -> Self {
        let forms = medicine.pills.iter().map(|pill| pill.form.as_deref());
        Self::told(&medicine.name, forms)
    }

    /// The same of a name and the forms of the pill identification, row by row.
    #[expect(single_use_lifetimes, reason = "the short form of it is not stable")]
    pub(super) fn told<'a>(name: &str, mut forms: impl Iterator<Item = Option<&'a str>>) -> Self {
        let marked = is_marked(name);
        if let Some(first) = forms.next() {
            return match first {
                Some(form) if forms.all(|other| other == first) => Self::of_pill(form, marked),
                _ => Self::default(),
            };
        }
        let stem = stem(name);
        NAME_FORMS
            .iter()
            .find(|(ending, ..)| stem.ends_with(ending))
            .map_or_else(Self::default, |(form, route, release)| Self {
                form: Some((*form).to_owned()),
                precise: false,
                route: *route,
                release: release.filter(|_| !marked),
            })
    }

    /// What a form of the pill identification tells (`서방성필름코팅정`, `경질캡슐제, 산제`).
    #[must_use]
    pub fn of_form(form: &str) -> Self {
        Self::of_pill(form, false)
    }

    /// Whether two products have the same form; nothing unless both forms are precise, for an ending
    /// of a name says little (정 may be 필름코팅정 or 나정, 주사 and 주사액 may be one).
    #[must_use]
    pub fn same_form(&self, other: &Self) -> Option<bool> {
        let (a, b) = (self.form.as_ref()?, other.form.as_ref()?);
        (self.precise && other.precise).then(|| a == b)
    }

    fn of_pill(form: &str, marked: bool) -> Self {
        let has = |word: &str| form.contains(word);
        // "미분류" and the words for all tablets and capsules say nothing; a date is a shifted row.
        let precise = !has("미분류")
            && !matches!(form, "정제" | "캡슐" | "캡슐제")
            && form.chars().any(char::is_alphabetic);
        let route = if has("질정") || has("질연질") || has("질캡슐") || has("질좌") {
            Some(Route::Vaginal)
        } else if has("설하") || has("박칼") || has("트로키") || has("껌") || has("부착")
        {
            Some(Route::Oromucosal)
        } else if has("흡입") {
            Some(Route::Inhalation)
        } else if has("첩부") {
            Some(Route::Topical)
        } else if has("좌제") {
            Some(Route::Rectal)
        } else if has("정") || has("캡슐") || has("스팬슐") || has("구강붕해") || has("산제")
        {
            Some(Route::Oral)
        } else {
            None
        };
        let release = match (has("서방") || has("스팬슐"), has("장용")) {
            (true, true) => Some(Release::ProlongedEnteric),
            (true, false) => Some(Release::Prolonged),
            (false, true) => Some(Release::Enteric),
            // A name that speaks of another release is not overruled; what sticks to skin or gum
            // gives off its substance at a rate that nobody tells.
            (false, false) => {
                (route.is_some() && precise && !marked && !has("첩부") && !has("부착"))
                    .then_some(Release::Immediate)
            }
        };
        Self {
            form: Some(form.to_owned()),
            precise,
            route,
            release,
        }
    }
}

fn is_marked(name: &str) -> bool {
    RELEASE_MARKS.iter().any(|mark| name.contains(mark))
}

/// The name up to its brackets or its first digit.
fn stem(name: &str) -> &str {
    name.split(|c: char| c == '(' || c == '[' || c == ',' || c.is_ascii_digit())
        .next()
        .unwrap_or_default()
        .trim_end()
}
