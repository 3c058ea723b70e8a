//! When may two amounts be compared, and what comes of it.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::catalogue::{
    Basis, BasisUnit, Dimension, IngredientView, Quantity, Unit, canonical_ingredient_name, exact,
    substance::has_form,
};

/// How the amount of the first relates to that of the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AmountOutcome {
    /// Exactly equal.
    Equal,
    /// The first has more.
    AMore,
    /// The second has more.
    BMore,
    /// They can't be compared; the reason says why.
    NotComparable,
}

/// Why amounts can't be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NotComparable {
    /// Only one of the two has the ingredient.
    OneSided,
    /// An amount was not understood.
    UnknownAmount,
    /// A basis was not understood.
    UnknownBasis,
    /// Counted per different things (a tablet against a millilitre, a tablet against a capsule).
    DifferentBasis,
    /// A basis is a measure that the feed gives as "about" (약).
    ApproximateBasis,
    /// Units of different kinds (milligram against international unit).
    DifferentUnit,
    /// Two salts of one substance weigh differently.
    DifferentSalt,
    /// What is weighed is a granule, an extract or the like, and how much of it acts isn't known on
    /// both sides.
    UnknownActivePart,
    /// One side lists the ingredient more than once.
    Repeated,
    /// The numbers are too large to be compared exactly.
    OutOfRange,
}

/// Two amounts on one basis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NormalizedAmounts {
    /// The first amount.
    pub a: Decimal,
    /// The second amount.
    pub b: Decimal,
    /// Their common unit.
    pub unit: Unit,
    /// What they are counted per: `정`, `mL`.
    pub per: String,
}

/// The relation of two amounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AmountComparison {
    /// How they relate.
    pub outcome: AmountOutcome,
    /// Why not, where they don't.
    pub reason: Option<NotComparable>,
    /// The active part whose amounts were compared instead of the rows' own.
    pub active_part: Option<String>,
    /// Both on one basis and in one unit, where that is exact.
    pub normalized: Option<NormalizedAmounts>,
}

impl AmountComparison {
    /// Not comparable for this reason.
    pub(super) const fn refused(reason: NotComparable) -> Self {
        Self {
            outcome: AmountOutcome::NotComparable,
            reason: Some(reason),
            active_part: None,
            normalized: None,
        }
    }
}

/// Compares two rows of one substance, each counted per its basis.
///
/// Where both name one and the same active part (성분정보), the parts are compared: they are what
/// acts, whatever carries them. A granule, a liquid or an extract whose parts aren't known on both
/// sides is not ranked by its own weight, for nothing says how strong it is; nor are two salts.
pub(super) fn compare(
    (a, basis_a): (&IngredientView, &Basis),
    (b, basis_b): (&IngredientView, &Basis),
) -> AmountComparison {
    let related = if let ([part_a], [part_b]) = (a.active_as.as_slice(), b.active_as.as_slice())
        && canonical_ingredient_name(&part_a.name) == canonical_ingredient_name(&part_b.name)
    {
        relate((&part_a.quantity, basis_a), (&part_b.quantity, basis_b)).map(|comparison| {
            AmountComparison {
                active_part: Some(part_a.name.clone()),
                ..comparison
            }
        })
    } else if canonical_ingredient_name(&a.name) != canonical_ingredient_name(&b.name) {
        Err(NotComparable::DifferentSalt)
    } else if is_preparation(&a.name) || (!a.active_as.is_empty() && !b.active_as.is_empty()) {
        Err(NotComparable::UnknownActivePart)
    } else if let (Some(amount_a), Some(amount_b)) = (&a.quantity, &b.quantity) {
        relate((amount_a, basis_a), (amount_b, basis_b))
    } else {
        Err(NotComparable::UnknownAmount)
    };
    related.unwrap_or_else(AmountComparison::refused)
}

/// A raw material of which only a part acts.
fn is_preparation(name: &str) -> bool {
    has_form(&canonical_ingredient_name(name))
        || [
            "엑스",
            "엑스산",
            "팅크",
            "추출물",
            "배산",
            "액",
            "가루",
            "분말",
        ]
        .iter()
        .any(|ending| name.ends_with(ending))
        || name.contains(['%', '→'])
}

fn relate(
    (a, basis_a): (&Quantity, &Basis),
    (b, basis_b): (&Quantity, &Basis),
) -> Result<AmountComparison, NotComparable> {
    let (per_a, per_b, per) = common_basis(basis_a, basis_b)?;
    let a = a.to_common_unit().ok_or(NotComparable::OutOfRange)?;
    let b = b.to_common_unit().ok_or(NotComparable::OutOfRange)?;
    // "Other" units compare only as the very same word, and a unit without a name not at all.
    if a.unit != b.unit || matches!(&a.unit, Unit::Other(text) if text.is_empty()) {
        return Err(NotComparable::DifferentUnit);
    }
    let grows = grows_with_basis(&a.unit);
    if !grows && per_a != per_b {
        return Err(NotComparable::DifferentBasis);
    }
    let outcome = match exact::compare_ratios((a.value, per_a), (b.value, per_b))
        .ok_or(NotComparable::OutOfRange)?
    {
        Ordering::Equal => AmountOutcome::Equal,
        Ordering::Greater => AmountOutcome::AMore,
        Ordering::Less => AmountOutcome::BMore,
    };
    let normalized = grows
        .then(|| {
            Some(NormalizedAmounts {
                a: exact::divide(a.value, per_a)?,
                b: exact::divide(b.value, per_b)?,
                unit: a.unit.clone(),
                per,
            })
        })
        .flatten();
    Ok(AmountComparison {
        outcome,
        reason: None,
        active_part: None,
        normalized,
    })
}

/// Whether twice the basis holds twice the amount. A proportion (%, ppm, molarity) may not be divided
/// by the size of a basis, and an unknown word may be one.
fn grows_with_basis(unit: &Unit) -> bool {
    const COUNTED: [&str; 9] = [
        "mEq", "mmol", "mol", "kBq", "MBq", "GBq", "mCi", "마리", "균",
    ];
    match unit.dimension() {
        Dimension::Mass | Dimension::Volume | Dimension::Activity => true,
        Dimension::Proportion => false,
        Dimension::Other => {
            let word = unit.symbol();
            word.ends_with("(역가)") || COUNTED.contains(&word)
        }
    }
}

/// What both amounts are counted per, and how many of it each: one counter against the same counter
/// of the same count and not of another volume (`1병(500mL)` against `1병(1000mL)`), or a plain measure
/// against a plain measure of the same dimension. The weight of a tablet is no matter.
fn common_basis(a: &Basis, b: &Basis) -> Result<(Decimal, Decimal, String), NotComparable> {
    if a.unit == BasisUnit::Unknown || b.unit == BasisUnit::Unknown {
        return Err(NotComparable::UnknownBasis);
    }
    if a.unit != b.unit {
        return Err(NotComparable::DifferentBasis);
    }
    if a.unit != BasisUnit::Measure {
        let (Some(count_a), Some(count_b)) = (a.count, b.count) else {
            return Err(NotComparable::UnknownBasis);
        };
        let volume = |basis: &Basis| basis.measure.as_ref().and_then(Quantity::milliliters);
        let volumes = volume(a).zip(volume(b));
        return if count_a == count_b && volumes.is_none_or(|(a, b)| a == b) {
            Ok((count_a, count_b, a.unit.label().to_owned()))
        } else {
            Err(NotComparable::DifferentBasis)
        };
    }
    if a.approximate || b.approximate {
        return Err(NotComparable::ApproximateBasis);
    }
    let measure = |basis: &Basis| basis.measure.as_ref().and_then(Quantity::to_common_unit);
    let (Some(a), Some(b)) = (measure(a), measure(b)) else {
        return Err(NotComparable::UnknownBasis);
    };
    if a.unit != b.unit {
        return Err(NotComparable::DifferentBasis);
    }
    Ok((a.value, b.value, a.unit.symbol().to_owned()))
}
