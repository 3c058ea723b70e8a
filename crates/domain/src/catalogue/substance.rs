//! Which names are salts, hydrates or preparations of one substance.
//!
//! The rules only ever take away endings and beginnings that Korean nomenclature adds to a name
//! (대한민국약전 통칙: `…염산염`, `…나트륨`, `…수화물`, `무수…`; the older order `염산…`). A name that
//! would be left as a metal, a mineral or a common acid keeps its ion: 염화나트륨, 탄산칼슘 and
//! 글루콘산칼슘 are substances of their own. What isn't recognised stays a substance of its own, too:
//! a missed relation is harmless, an invented one is not.

use serde::{Deserialize, Serialize};

use self::words::{
    ACIDS, CARRIERS, CATIONS, ESTERS, FORMS, HALIDES, METALS, MINERALS, RADICALS, SOLVENTS,
    WATER_COUNTS, WATERS,
};
use super::canonical_ingredient_name;

mod words;

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

/// The substance of a canonical name: [`Substance::of`] without what else it tells.
pub(crate) fn base_of(name: &str) -> &str {
    let (rest, _) = cut_end(name, FORMS);
    let (rest, _) = cut_water(rest);
    cut_salts(rest).map_or(rest, |(base, _)| base)
}

/// Whether a canonical name is that of a preparation.
pub(super) fn has_form(name: &str) -> bool {
    cut_end(name, FORMS).1.is_some()
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
    let (rest, _) = cut_end(rest, SOLVENTS);
    (rest, name.strip_prefix(rest).map(str::trim_start))
}

/// The substance and its salts; nothing where the name is no salt or the ion is the point of it.
fn cut_salts(name: &str) -> Option<(&str, Vec<&'static str>)> {
    // 브롬화수소산 begins like 브롬화 and is no mineral.
    let mineral = MINERALS.iter().any(|mineral| name.starts_with(mineral))
        && !ACIDS.iter().any(|acid| name.starts_with(acid));
    // An ester, not a salt: isosorbide and its nitrates are different medicines.
    let nitrate = name.contains("이소소르비드");
    if mineral || nitrate || name.contains("알루민산") {
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
            .find_map(|acid| Some((single(stem.strip_suffix(acid)?), *acid)))
    };
    let ending = || {
        CATIONS
            .iter()
            .chain(HALIDES)
            .find_map(|ion| Some((single(name.strip_suffix(ion)?), *ion)))
    };
    let beginning = || {
        ACIDS
            .iter()
            .find_map(|acid| Some((name.strip_prefix(acid)?, *acid)))
    };
    let (rest, salt) = acid_salt().or_else(ending).or_else(beginning)?;
    let rest = rest.trim();
    // 글리신 is no 글 of lysine.
    let torn = salt == "리신" && rest.ends_with(['글', '시']);
    let ester = ESTERS
        .iter()
        .any(|(acids, alcohols)| acids.contains(&salt) && ends_with_any(rest, alcohols));
    (!rest.is_empty() && !torn && !ester).then_some((rest, salt))
}

/// The name without what counts or turns the ion after it (헤미푸마르산염, 이말레산염, L-타르타르산염).
fn single(name: &str) -> &str {
    ["헤미", "이", "-L-", "-D-", "L-", "D-"]
        .iter()
        .find_map(|prefix| {
            let rest = name.strip_suffix(prefix)?;
            (rest.chars().count() > 2).then_some(rest)
        })
        .unwrap_or(name)
}

fn ends_with_any(name: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| name.ends_with(ending))
}

/// Whether what is left names a substance, and no ion.
fn is_substance(name: &str) -> bool {
    is_name(name)
        && !name.starts_with("수소")
        && !name.starts_with("이수소")
        && !METALS
            .iter()
            .any(|metal| name == *metal || (metal.chars().count() > 1 && name.starts_with(metal)))
        && !ends_with_any(name, ACIDS)
        && !ends_with_any(name, CARRIERS)
        && !ends_with_any(name, RADICALS)
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
