//! When may two amounts be compared, and what comes of it.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::catalogue::{Basis, BasisUnit, Dimension, IngredientView, Quantity, Unit, exact};

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
    /// Both on one basis and in one unit, where that is exact.
    pub normalized: Option<NormalizedAmounts>,
}

impl AmountComparison {
    /// Not comparable for this reason.
    pub(super) const fn refused(reason: NotComparable) -> Self {
        Self {
            outcome: AmountOutcome::NotComparable,
            reason: Some(reason),
            normalized: None,
        }
    }
}

/// Compares two rows of the same name, each counted per its basis.
pub(super) fn compare(
    (a, basis_a): (&IngredientView, &Basis),
    (b, basis_b): (&IngredientView, &Basis),
) -> AmountComparison {
    let (Some(amount_a), Some(amount_b)) = (&a.quantity, &b.quantity) else {
        return AmountComparison::refused(NotComparable::UnknownAmount);
    };
    match relate((amount_a, basis_a), (amount_b, basis_b)) {
        Ok(comparison) => comparison,
        Err(reason) => AmountComparison::refused(reason),
    }
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
    let outcome = match exact::compare_ratios((a.value, per_a), (b.value, per_b))
        .ok_or(NotComparable::OutOfRange)?
    {
        Ordering::Equal => AmountOutcome::Equal,
        Ordering::Greater => AmountOutcome::AMore,
        Ordering::Less => AmountOutcome::BMore,
    };
    // A percentage is no amount in a basis: it is not divided by one.
    let normalized = (a.unit.dimension() != Dimension::Proportion)
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
        normalized,
    })
}

/// What both amounts are counted per, and how many of it each: one counter against the same counter
/// of the same count, or a plain measure against a plain measure of the same dimension.
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
        return if count_a == count_b {
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
