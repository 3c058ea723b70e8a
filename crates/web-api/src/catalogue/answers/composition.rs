//! What is in a medicine, as a chart needs it.

use chrono::{DateTime, Utc};
use domain::catalogue::{
    ActivePartView, Additive, Basis, CompositionRef, CompositionView, IngredientView, Quantity,
    VariantView,
};
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use super::medicine::MedicineSummary;
use crate::catalogue::snapshot::Ingredients;

/// Exact decimal text: `0.126`, never a float.
fn text(number: Decimal) -> String {
    number.normalize().to_string()
}

/// An amount: exact decimal text with its unit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Quantity)]
#[serde(rename_all = "camelCase")]
pub(crate) struct QuantityBody {
    /// Decimal text without trailing zeros.
    #[schema(example = "500")]
    value: String,
    /// `mg`, `mL`, `IU`, `단위`, `%` … or the ministry's own word.
    #[schema(example = "mg")]
    unit: String,
}

impl From<&Quantity> for QuantityBody {
    fn from(quantity: &Quantity) -> Self {
        Self {
            value: text(quantity.value),
            unit: quantity.unit.symbol().to_owned(),
        }
    }
}

/// What amounts are counted per.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Basis)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BasisBody {
    /// As the ministry writes it.
    #[schema(example = "1정 중")]
    text: String,
    /// How many of `unit`, as decimal text; null for a plain measure.
    #[schema(required = true, example = "1")]
    count: Option<String>,
    /// What is counted: 정, 캡슐, 포 …; null for a plain measure and where it was not understood.
    #[schema(required = true, example = "정")]
    unit: Option<String>,
    /// Weight or volume of the whole.
    #[schema(required = true)]
    measure: Option<QuantityBody>,
    /// The ministry says 약 (about) of the measure.
    approximate: bool,
}

impl From<&Basis> for BasisBody {
    fn from(basis: &Basis) -> Self {
        let unit = basis.unit.label();
        Self {
            text: basis.text.clone(),
            count: basis.count.map(text),
            unit: (!unit.is_empty()).then(|| unit.to_owned()),
            measure: basis.measure.as_ref().map(QuantityBody::from),
            approximate: basis.approximate,
        }
    }
}

/// The active part of a granule, a salt or an extract ("…로서").
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ActivePart)]
#[serde(rename_all = "camelCase")]
struct ActivePartBody {
    name: String,
    quantity: QuantityBody,
    /// In milligrams, as decimal text; null unless it is a weight.
    #[schema(required = true)]
    milligrams: Option<String>,
}

impl From<&ActivePartView> for ActivePartBody {
    fn from(part: &ActivePartView) -> Self {
        Self {
            name: part.name.clone(),
            quantity: QuantityBody::from(&part.quantity),
            milligrams: part.milligrams.map(text),
        }
    }
}

/// An active ingredient with its amount.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ActiveIngredient)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActiveBody {
    /// For `/ingredients/{id}`; null where the ingredient has no entry of its own.
    #[schema(required = true, example = "1024")]
    ingredient_id: Option<String>,
    #[schema(example = "아세트아미노펜")]
    name: String,
    /// The ministry's code.
    #[schema(required = true, example = "M040702")]
    code: Option<String>,
    /// What it is, where somebody wrote it.
    #[schema(required = true)]
    description: Option<String>,
    /// Amount per basis; null where it was not understood: show `amountText` then.
    #[schema(required = true)]
    quantity: Option<QuantityBody>,
    /// Amount and unit as the ministry writes them.
    #[schema(example = "500밀리그램")]
    amount_text: String,
    /// The amount in milligrams, as decimal text; null unless it is a weight.
    #[schema(required = true, example = "500")]
    milligrams: Option<String>,
    /// Share of the active ingredients by weight, in percent with two decimals, as decimal text. Null
    /// unless every row of the variant converts to milligrams and nothing is missing.
    #[schema(required = true, example = "100")]
    share_percent: Option<String>,
    /// Pharmacopoeia or standard (KP, USP, 별규).
    #[schema(required = true)]
    standard: Option<String>,
    /// What it counts as; already part of the row's amount, never to be added to it.
    active_as: Vec<ActivePartBody>,
    /// 성분정보 as it stands.
    #[schema(required = true)]
    info: Option<String>,
    /// 비고 as it stands.
    #[schema(required = true)]
    remark: Option<String>,
}

impl ActiveBody {
    pub(super) fn new(view: &IngredientView, known: &Ingredients) -> Self {
        let ingredient = known.named(&view.name);
        Self {
            ingredient_id: ingredient.map(|one| one.id.to_string()),
            name: view.name.clone(),
            code: view.code.clone(),
            description: ingredient.and_then(|one| one.description.as_deref().map(str::to_owned)),
            quantity: view.quantity.as_ref().map(QuantityBody::from),
            amount_text: view.amount_text.clone(),
            milligrams: view.milligrams.map(text),
            share_percent: view.share_percent.map(text),
            standard: view.standard.clone(),
            active_as: view.active_as.iter().map(ActivePartBody::from).collect(),
            info: view.info.clone(),
            remark: view.remark.clone(),
        }
    }
}

/// A variant sold under the same permit (a flavour, a recipe of colours). Variants are alternatives:
/// their amounts are never added up.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CompositionVariant)]
#[serde(rename_all = "camelCase")]
struct VariantBody {
    /// What tells it from the others; null where there is one only.
    #[schema(required = true)]
    label: Option<String>,
    basis: BasisBody,
    /// In the order of the ministry.
    ingredients: Vec<ActiveBody>,
    /// Sum in milligrams, as decimal text; null unless all convert.
    #[schema(required = true)]
    total_milligrams: Option<String>,
    /// Every ingredient has its share.
    complete: bool,
}

impl VariantBody {
    fn new(view: &VariantView, known: &Ingredients) -> Self {
        let row = |view: &IngredientView| ActiveBody::new(view, known);
        Self {
            label: view.label.clone(),
            basis: BasisBody::from(&view.basis),
            ingredients: view.ingredients.iter().map(row).collect(),
            total_milligrams: view.total_milligrams.map(text),
            complete: view.complete,
        }
    }
}

/// An additive (첨가제).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Additive)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdditiveBody {
    /// For `/ingredients/{id}`; null where the additive has no entry of its own.
    #[schema(required = true)]
    ingredient_id: Option<String>,
    #[schema(example = "스테아르산마그네슘")]
    name: String,
    /// The ministry's code.
    #[schema(required = true)]
    code: Option<String>,
}

impl AdditiveBody {
    pub(super) fn new(additive: &Additive, known: &Ingredients) -> Self {
        Self {
            ingredient_id: known.named(&additive.name).map(|one| one.id.to_string()),
            name: additive.name.clone(),
            code: additive.code.clone(),
        }
    }
}

/// What a medicine contains, as far as the ministry says it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Composition)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CompositionBody {
    variants: Vec<VariantBody>,
    additives: Vec<AdditiveBody>,
    /// The ministry gives a list of additives; else whether there are any is not known.
    additives_listed: bool,
    /// The whole text was understood. Where it is false, there may be more in the product than is
    /// listed: say so beside every chart.
    complete: bool,
    /// What was not understood, as it stands: show it.
    unparsed: Vec<String>,
}

impl CompositionBody {
    /// The composition with ids and descriptions of `known`.
    pub(crate) fn new(composition: &CompositionRef<'_>, known: &Ingredients) -> Self {
        let view: CompositionView = composition.view();
        let additives = composition.additives.iter();
        Self {
            variants: view
                .variants
                .iter()
                .map(|one| VariantBody::new(one, known))
                .collect(),
            additives: additives.map(|one| AdditiveBody::new(one, known)).collect(),
            additives_listed: composition.additives_listed,
            complete: view.complete,
            unparsed: view.unparsed,
        }
    }
}

/// The composition of one medicine.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CompositionAnswer {
    pub(crate) medicine: MedicineSummary,
    pub(crate) composition: CompositionBody,
    /// When the data were synchronised with the ministry's.
    pub(crate) as_of: DateTime<Utc>,
}
