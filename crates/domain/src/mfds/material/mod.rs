//! `MATERIAL_NAME`: what is in a product and how much of it.
//!
//! Three steps: [`split`] takes the text apart into rows of fields, [`basis`] reads what a row's
//! amount is counted per, [`number`] and [`parts`] read amounts. Each step either understands a piece
//! as a whole or hands it on as text; no step repairs, rounds or half-reads.

mod basis;
mod number;
mod parts;
mod split;

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::catalogue::{
    ActiveIngredient, BasisUnit, Composition, Quantity, Unit, Variant, canonical_ingredient_name,
    name::tidy,
};

pub use number::parse_decimal;

use super::additives::parse_coded;
use super::{parse_additives, text};
use basis::{LabelledBasis, parse_basis};
use split::RawRow;

/// What a `MATERIAL_NAME` holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Material {
    /// Variants in the order of the feed.
    pub variants: Vec<Variant>,
    /// There was at least one row, and everything was understood.
    pub complete: bool,
    /// Pieces that were not.
    pub unparsed: Vec<String>,
}

/// Reads a `MATERIAL_NAME`: the labelled form, the older pipe form, or DUR's comma form. Never fails;
/// what isn't understood is in `unparsed` or stays in a row's `amount_text`, and `complete` is false.
#[must_use]
pub fn parse_material(material: &str) -> Material {
    let decoded = text::decode(material);
    let split = split::split(&decoded);
    let mut parsed = Material {
        complete: !split.rows.is_empty() && split.unparsed.is_empty(),
        unparsed: split.unparsed,
        variants: Vec::new(),
    };
    let mut places: HashMap<(Option<String>, String), usize> = HashMap::new();
    for row in split.rows {
        let LabelledBasis { basis, label } = parse_basis(&row.basis);
        let place = *places
            .entry((label.clone(), basis::key(&basis.text)))
            .or_insert(parsed.variants.len());
        if parsed.variants.len() <= place {
            if basis.unit == BasisUnit::Unknown {
                parsed.complete &= split.baseless && basis.text.is_empty();
                // A basis that is there but not understood is told.
                parsed
                    .unparsed
                    .extend(Some(basis.text.clone()).filter(|text| !text.is_empty()));
            }
            parsed.variants.push(Variant {
                label,
                basis,
                actives: Vec::new(),
            });
        }
        let (active, mut rest) = active(row);
        parsed.complete &= active.quantity.is_some() && rest.is_empty();
        parsed.unparsed.append(&mut rest);
        if let Some(variant) = parsed.variants.get_mut(place) {
            variant.actives.push(active);
        }
    }
    parsed
}

/// One row, and the pieces of its 성분정보 that were not understood.
fn active(row: RawRow) -> (ActiveIngredient, Vec<String>) {
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    let parts = parts::parse_parts(&row.info);
    let active = ActiveIngredient {
        quantity: quantity(&row.amount, &row.unit),
        amount_text: format!("{}{}", row.amount, row.unit),
        name: row.name,
        code: None,
        standard: some(row.standard),
        active_as: parts.list,
        info: some(row.info),
        remark: some(row.remark),
    };
    (active, parts.unparsed)
}

/// An amount of 분량 and 단위. A unit may also stand in 분량 (`500mg`) where 단위 is empty or names the
/// same one. A word of letters that is no known unit stays that word; anything stranger (`10^8 CFU`,
/// `밀리그램/mL`) would change what the number means, and the amount is not understood.
fn quantity(amount: &str, unit: &str) -> Option<Quantity> {
    // Nothing of an active ingredient is no amount: the number is missing.
    let (value, inline) = number::take_number(amount).filter(|(value, _)| !value.is_zero())?;
    let inline = inline.trim();
    let unit = match (inline.is_empty(), unit.is_empty()) {
        (true, true) => return None,
        (true, false) => parts::parse_unit(unit).or_else(|| plain_word(unit))?,
        (false, true) => parts::parse_unit(inline)?,
        (false, false) => parts::parse_unit(inline)
            .filter(|known| parts::parse_unit(unit).as_ref() == Some(known))?,
    };
    Some(Quantity::new(value, unit))
}

fn plain_word(unit: &str) -> Option<Unit> {
    let plain = unit.chars().all(|c| c.is_alphabetic() || c == ' ') && unit.chars().count() <= 20;
    plain.then(|| Unit::parse(unit))
}

/// The whole composition of permit detail's `MATERIAL_NAME`, `INGR_NAME` and `MAIN_ITEM_INGR`.
///
/// `MAIN_ITEM_INGR` gives the codes; an ingredient that it names and `MATERIAL_NAME` doesn't is kept
/// in `unparsed`, for then the two disagree on what is in the product.
#[must_use]
pub fn parse_composition(
    material: Option<&str>,
    additives: Option<&str>,
    main_ingredients: Option<&str>,
) -> Composition {
    let Material {
        mut variants,
        mut complete,
        mut unparsed,
    } = parse_material(material.unwrap_or_default());
    let main = main_ingredients.unwrap_or_default();
    let codes = codes(main);
    let mut named: HashSet<String> = HashSet::new();
    for active in variants.iter_mut().flat_map(|variant| &mut variant.actives) {
        let name = canonical_ingredient_name(&active.name).into_owned();
        // One code alone: a name with two is ambiguous.
        if let Some([code]) = codes.get(&name).map(Vec::as_slice) {
            active.code = Some(code.clone());
        }
        named.insert(name);
    }
    let mut told = HashSet::new();
    for piece in main.split('|').map(tidy).filter(|piece| !piece.is_empty()) {
        let known = parse_coded(&piece).is_some_and(|(_, name)| named.contains(name));
        if !known && told.insert(piece.clone()) {
            unparsed.push(piece.into_owned());
            complete = false;
        }
    }
    let listed = parse_additives(additives.unwrap_or_default());
    complete &= listed.unparsed.is_empty();
    let additives_listed = !listed.list.is_empty() || !listed.unparsed.is_empty();
    unparsed.extend(listed.unparsed);
    Composition {
        variants,
        additives: listed.list,
        additives_listed,
        complete,
        unparsed,
    }
}

/// The codes that each name has in `MAIN_ITEM_INGR`, without repeats.
fn codes(main: &str) -> HashMap<String, Vec<String>> {
    let mut codes: HashMap<String, Vec<String>> = HashMap::new();
    for piece in main.split('|').map(tidy) {
        if let Some((Some(code), name)) = parse_coded(&piece) {
            let known = codes
                .entry(canonical_ingredient_name(name).into_owned())
                .or_default();
            if known.len() < 2 && !known.iter().any(|other| other == code) {
                known.push(code.to_owned());
            }
        }
    }
    codes
}

#[cfg(test)]
mod tests;
