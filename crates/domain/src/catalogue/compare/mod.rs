//! Two medicines side by side.
//!
//! The comparison says what the feed says and no more: amounts on different bases are not ranked,
//! a row that is missing from a composition that was not wholly understood is unknown rather than
//! absent, and "same" is said only where substance, amount, form, route and release all agree.

mod align;
mod amounts;
mod rows;
mod sameness;
mod side;

use serde::{Deserialize, Serialize};

pub use amounts::{AmountComparison, AmountOutcome, NormalizedAmounts, NotComparable};
pub use rows::{AdditiveRow, Attribute, AttributeRow};
pub use sameness::{Agreement, Aspect, AspectCheck, Sameness, Verdict};
pub use side::Side;

use super::{Basis, FormProfile, IngredientView, Medicine, MedicineId, VariantRef};

/// Why two medicines can't be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CompareError {
    /// Both are the same product.
    #[error("medicine {0} can't be compared with itself")]
    SameMedicine(MedicineId),
}

/// Two medicines side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// The first medicine.
    pub a: MedicineId,
    /// The second medicine.
    pub b: MedicineId,
    /// Name, maker, type, form and so on, in a fixed order.
    pub attributes: Vec<AttributeRow>,
    /// Pairs of variants. Where both products carry the same labels, each label is one pair; else
    /// every variant of the first stands against every variant of the second.
    pub variants: Vec<VariantComparison>,
    /// Pairs left out, since there were more than [`MAX_PAIRS`].
    pub omitted_pairs: usize,
    /// Additives aligned by name.
    pub additives: Vec<AdditiveRow>,
    /// The first composition was wholly understood.
    pub complete_a: bool,
    /// The second composition was wholly understood.
    pub complete_b: bool,
    /// Whether the two are the same, and what speaks against it.
    pub sameness: Sameness,
}

/// One variant of the first medicine against one of the second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VariantComparison {
    /// The variant's label in the first medicine.
    pub label_a: Option<String>,
    /// The variant's label in the second medicine.
    pub label_b: Option<String>,
    /// What the first's amounts are counted per.
    pub basis_a: Basis,
    /// What the second's amounts are counted per.
    pub basis_b: Basis,
    /// Ingredients aligned, in the order of the first, then what only the second has.
    pub ingredients: Vec<IngredientRow>,
}

/// Where an ingredient stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Presence {
    /// In both, under the same name.
    Both,
    /// In the first only.
    OnlyA,
    /// In the second only.
    OnlyB,
    /// In both, as another salt, hydrate or preparation of the same substance.
    SameSubstanceOtherSalt,
    /// Found in one; a composition is incomplete, so that the other may hold it too.
    Unknown,
}

/// One ingredient of two variants. A side has several entries where its feed lists the ingredient
/// more than once; they are never added up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IngredientRow {
    /// Where it stands.
    pub presence: Presence,
    /// The first medicine's entries.
    pub a: Vec<IngredientView>,
    /// The second medicine's entries.
    pub b: Vec<IngredientView>,
    /// How the amounts relate.
    pub amount: AmountComparison,
}

/// Pairs of variants that one comparison lists at most.
pub const MAX_PAIRS: usize = 64;

/// Compares two medicines.
///
/// # Errors
/// [`CompareError::SameMedicine`] for a medicine and itself.
pub fn compare(a: &Medicine, b: &Medicine) -> Result<Comparison, CompareError> {
    compare_sides(&Side::of(a), &Side::of(b))
}

/// Compares two medicines that are kept in another form.
///
/// # Errors
/// [`CompareError::SameMedicine`] for a medicine and itself.
pub fn compare_sides(a: &Side<'_>, b: &Side<'_>) -> Result<Comparison, CompareError> {
    if a.id == b.id {
        return Err(CompareError::SameMedicine(a.id));
    }
    // Where nothing is known of one side, the other's rows still stand, against nothing.
    let unknown = Basis::unknown(String::new());
    let nothing = VariantRef {
        label: None,
        basis: &unknown,
        actives: Vec::new(),
    };
    let (pairs, omitted_pairs) = align::variant_pairs(
        variants(a, b, &nothing),
        variants(b, a, &nothing),
        MAX_PAIRS,
    );
    let complete = a.composition.complete && b.composition.complete;
    let compared: Vec<_> = pairs
        .into_iter()
        .map(|(a, b)| align::variants(a, b, complete))
        .collect();
    let form = |of: &Side<'_>| FormProfile::told(of.name, of.forms.iter().copied());
    let (form_a, form_b) = (form(a), form(b));
    Ok(Comparison {
        a: a.id,
        b: b.id,
        additives: rows::additives(&a.composition, &b.composition),
        sameness: sameness::judge(a, b, (&form_a, &form_b), &compared, omitted_pairs),
        attributes: rows::attributes(a, b, (form_a, form_b)),
        variants: compared,
        omitted_pairs,
        complete_a: a.composition.complete,
        complete_b: b.composition.complete,
    })
}

fn variants<'s, 'a>(
    of: &'s Side<'a>,
    against: &Side<'_>,
    nothing: &'s VariantRef<'a>,
) -> &'s [VariantRef<'a>] {
    if of.composition.variants.is_empty() && !against.composition.variants.is_empty() {
        std::slice::from_ref(nothing)
    } else {
        &of.composition.variants
    }
}

#[cfg(test)]
mod tests;
