//! From ingredients and allergens to one answer.

use serde::{Deserialize, Serialize};

use super::Identity;
use super::groups::{self, CrossReaction};
use crate::catalogue::CompositionRef;

/// The answer about one product. The word safe isn't among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AllergyCheck {
    /// It holds an allergen, or what reacts with the same antibodies or the same enzyme.
    Danger,
    /// It holds what may cross-react.
    Caution,
    /// Its whole composition is known, and nothing in it is known to bear on the allergens.
    NoKnownMatch,
    /// Its composition isn't known or wasn't understood to the last piece, and nothing was found.
    Unknown,
    /// The allergens could not be loaded.
    Unavailable,
}

/// How grave a warning is; the later, the graver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Level {
    /// To be asked about.
    Caution,
    /// To be kept away from.
    Danger,
}

/// How near what was found is to the allergen; the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Depth {
    /// The very ingredient acts in the product.
    SameIngredient,
    /// The same substance does, as another salt, hydrate, ester or preparation.
    SameSubstance,
    /// The ingredient, or the same substance, is an additive.
    Additive,
    /// A class with known cross-reactions.
    CrossReaction,
}

/// As what a product holds an ingredient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HeldAs {
    /// It acts.
    Active,
    /// It is the active part of what acts (`…로서`).
    ActivePart,
    /// It doesn't act: colour, binder, coating.
    Additive,
}

/// How an allergen bears on an ingredient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Finding {
    /// How near it is.
    pub depth: Depth,
    /// How grave.
    pub level: Level,
    /// Which classes cross-react, at [`Depth::CrossReaction`].
    pub cross: Option<CrossReaction>,
}

/// A finding with whom it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Warning<K> {
    /// The allergen, as the caller names it.
    pub allergen: K,
    /// The ingredient of the product, likewise.
    pub held: K,
    /// What was found.
    pub finding: Finding,
}

/// Everything about one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked<K> {
    /// The answer.
    pub check: AllergyCheck,
    /// Every reason for it, the gravest first, and of those the nearest.
    pub warnings: Vec<Warning<K>>,
    /// Whether the whole composition could be looked at. Where it could not, there may be more.
    pub complete: bool,
}

/// How an allergen bears on an ingredient that a product holds; nothing where no relation is known.
/// The nearest relation counts.
#[must_use]
pub fn relate(allergen: &Identity, held: &Identity, held_as: HeldAs) -> Option<Finding> {
    let danger = |depth| {
        Some(Finding {
            depth,
            level: Level::Danger,
            cross: None,
        })
    };
    let (name, substance) = (allergen.shares_name(held), allergen.shares_substance(held));
    match held_as {
        HeldAs::Active if name => danger(Depth::SameIngredient),
        HeldAs::Active | HeldAs::ActivePart if name || substance => danger(Depth::SameSubstance),
        HeldAs::Additive if name || substance => danger(Depth::Additive),
        _ => groups::cross(allergen, held).map(|(level, cross)| Finding {
            depth: Depth::CrossReaction,
            level,
            cross: Some(cross),
        }),
    }
}

/// Every ingredient of a product by the name that the feed gives it, what acts first; variants repeat
/// them.
pub fn held_in<'c>(
    composition: &'c CompositionRef<'c>,
) -> impl Iterator<Item = (&'c str, HeldAs)> + use<'c> {
    let variants = composition.variants.iter();
    let actives = variants.flat_map(|one| &one.actives).flat_map(|active| {
        let parts = active.active_as.iter();
        let parts = parts.map(|part| (part.name.as_str(), HeldAs::ActivePart));
        std::iter::once((active.name.as_str(), HeldAs::Active)).chain(parts)
    });
    let additives = composition.additives.iter();
    actives.chain(additives.map(|additive| (additive.name.as_str(), HeldAs::Additive)))
}

/// Whether nothing can be in the product that its composition doesn't name: its text was understood
/// to the last piece, names what acts, and the additives are listed.
#[must_use]
pub fn is_wholly_known(composition: &CompositionRef<'_>) -> bool {
    let acts = composition.variants.iter();
    let named = !composition.variants.is_empty() && acts.clone().all(|one| !one.actives.is_empty());
    composition.complete && composition.additives_listed && composition.unparsed.is_empty() && named
}

/// Puts findings together. Of several about one allergen and one ingredient the gravest and nearest
/// stays: what both acts and is an additive, or stands in two variants, is told once.
#[must_use]
pub fn conclude<K: Copy + Ord>(mut warnings: Vec<Warning<K>>, complete: bool) -> Checked<K> {
    let rank = |finding: &Finding| (std::cmp::Reverse(finding.level), finding.depth);
    warnings.sort_by_key(|one| (one.allergen, one.held, rank(&one.finding)));
    warnings.dedup_by_key(|one| (one.allergen, one.held));
    warnings.sort_by_key(|one| (rank(&one.finding), one.allergen, one.held));
    let gravest = warnings.first().map(|one| one.finding.level);
    let check = match gravest {
        Some(Level::Danger) => AllergyCheck::Danger,
        Some(Level::Caution) => AllergyCheck::Caution,
        None if complete => AllergyCheck::NoKnownMatch,
        None => AllergyCheck::Unknown,
    };
    Checked {
        check,
        warnings,
        complete,
    }
}
