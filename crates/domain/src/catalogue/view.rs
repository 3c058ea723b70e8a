//! A composition as a chart shows it.
//!
//! A share is said only where every row of the variant converts to milligrams and the whole text of
//! the feed was understood: a chart with a missing slice lies. The active parts of 성분정보 stand
//! beside their row and are never added to it, for they are the same substance counted again.

use std::collections::HashSet;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::{
    ActiveIngredient, ActivePart, Basis, Composition, CompositionRef, Quantity, VariantRef,
    canonical_ingredient_name, exact,
};

/// A composition with amounts made comparable where they can be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompositionView {
    /// The variants, apart.
    pub variants: Vec<VariantView>,
    /// The whole text of the feed was understood; else there may be more than is listed.
    pub complete: bool,
    /// What was not understood, as it stands in the feed.
    pub unparsed: Vec<String>,
}

/// One variant of a composition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VariantView {
    /// What tells it from the others.
    pub label: Option<String>,
    /// What its amounts are counted per.
    pub basis: Basis,
    /// Its rows, in the order of the feed.
    pub ingredients: Vec<IngredientView>,
    /// Sum of all rows in milligrams, where each converts, none stands twice and nothing is missing.
    pub total_milligrams: Option<Decimal>,
    /// Every row has its share.
    pub complete: bool,
}

/// One row of a variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IngredientView {
    /// 성분명.
    pub name: String,
    /// MFDS code.
    pub code: Option<String>,
    /// Amount per basis, where it was understood.
    pub quantity: Option<Quantity>,
    /// Amount and unit as they stand in the feed.
    pub amount_text: String,
    /// The amount in milligrams; only for weights.
    pub milligrams: Option<Decimal>,
    /// Share of the variant's listed active ingredients by weight, in percent, rounded to two
    /// decimals (half away from zero): for drawing, not for calculating.
    pub share_percent: Option<Decimal>,
    /// 규격.
    pub standard: Option<String>,
    /// The active parts of the row; never to be added to it.
    pub active_as: Vec<ActivePartView>,
    /// 성분정보 as it stands in the feed.
    pub info: Option<String>,
    /// 비고 as it stands in the feed.
    pub remark: Option<String>,
}

/// An active part (`히오스시아민으로서 0.126밀리그램`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivePartView {
    /// The substance that is counted.
    pub name: String,
    /// How much of it.
    pub quantity: Quantity,
    /// The amount in milligrams; only for weights.
    pub milligrams: Option<Decimal>,
}

/// What a chart needs of a composition.
#[must_use]
pub fn composition_view(composition: &Composition) -> CompositionView {
    CompositionRef::of(composition).view()
}

impl CompositionRef<'_> {
    /// What a chart needs of it.
    #[must_use]
    pub fn view(&self) -> CompositionView {
        let variants = self.variants.iter();
        CompositionView {
            variants: variants
                .map(|variant| variant_view(variant, self.complete))
                .collect(),
            complete: self.complete,
            unparsed: self.unparsed.iter().map(|&one| one.to_owned()).collect(),
        }
    }
}

fn variant_view(variant: &VariantRef<'_>, whole: bool) -> VariantView {
    let actives = variant.actives.iter();
    let mut ingredients: Vec<_> = actives.map(|active| IngredientView::of(active)).collect();
    let total = if whole { total(&ingredients) } else { None };
    if let Some(total) = total {
        for row in &mut ingredients {
            row.share_percent = row.milligrams.and_then(|part| share(part, total));
        }
    }
    VariantView {
        label: variant.label.map(str::to_owned),
        basis: variant.basis.clone(),
        complete: !ingredients.is_empty()
            && ingredients.iter().all(|row| row.share_percent.is_some()),
        total_milligrams: total,
        ingredients,
    }
}

/// The sum of all rows; nothing where one doesn't convert or the sum isn't a positive weight. Nothing,
/// too, where an ingredient stands twice: two layers may be meant, or two strengths under one permit
/// that the feed doesn't tell apart, and then the sum counts twice.
fn total(rows: &[IngredientView]) -> Option<Decimal> {
    let mut names = HashSet::new();
    if !rows
        .iter()
        .all(|row| names.insert(canonical_ingredient_name(&row.name)))
    {
        return None;
    }
    rows.iter()
        .try_fold(Decimal::ZERO, |sum, row| exact::add(sum, row.milligrams?))
        .filter(|sum| *sum > Decimal::ZERO)
}

fn share(part: Decimal, total: Decimal) -> Option<Decimal> {
    let share = part.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(total)?;
    Some(
        share
            .round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
            .normalize(),
    )
}

impl IngredientView {
    /// The row alone, without a share.
    #[must_use]
    pub fn of(active: &ActiveIngredient) -> Self {
        Self {
            name: active.name.clone(),
            code: active.code.clone(),
            quantity: active.quantity.clone(),
            amount_text: active.amount_text.clone(),
            milligrams: active.quantity.as_ref().and_then(Quantity::milligrams),
            share_percent: None,
            standard: active.standard.clone(),
            active_as: active.active_as.iter().map(ActivePartView::of).collect(),
            info: active.info.clone(),
            remark: active.remark.clone(),
        }
    }
}

impl ActivePartView {
    fn of(part: &ActivePart) -> Self {
        Self {
            name: part.name.clone(),
            milligrams: part.quantity.milligrams(),
            quantity: part.quantity.clone(),
        }
    }
}
