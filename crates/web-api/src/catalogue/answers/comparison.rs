//! Two medicines side by side.
#![expect(
    single_use_lifetimes,
    reason = "the derive of schemas writes such impls"
)]

use chrono::{DateTime, Utc};
use domain::catalogue::{
    AmountComparison, Comparison, IngredientRow, IngredientView, NormalizedAmounts,
    VariantComparison,
};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::comparison_words::{
    AgreementBody, AspectBody, AttributeBody, OutcomeBody, PresenceBody, ReasonBody, VerdictBody,
};
use super::composition::{ActiveBody, AdditiveBody, BasisBody};
use super::documents::{DocumentBody, DocumentsBody, EasyGuideBody};
use super::medicine::MedicineSummary;
use crate::catalogue::snapshot::Ingredients;

/// One attribute of both.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AttributeRow)]
#[serde(rename_all = "camelCase")]
struct AttributeRowBody {
    attribute: AttributeBody,
    #[schema(required = true)]
    a: Option<String>,
    #[schema(required = true)]
    b: Option<String>,
    /// Null where one of the two is not known.
    #[schema(required = true)]
    differs: Option<bool>,
}

/// Both amounts on one basis and in one unit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NormalizedAmounts)]
#[serde(rename_all = "camelCase")]
struct NormalizedBody {
    /// Decimal text.
    #[schema(example = "500")]
    a: String,
    /// Decimal text.
    #[schema(example = "650")]
    b: String,
    #[schema(example = "mg")]
    unit: String,
    /// What both are counted per.
    #[schema(example = "정")]
    per: String,
}

impl From<&NormalizedAmounts> for NormalizedBody {
    fn from(amounts: &NormalizedAmounts) -> Self {
        Self {
            a: amounts.a.normalize().to_string(),
            b: amounts.b.normalize().to_string(),
            unit: amounts.unit.symbol().to_owned(),
            per: amounts.per.clone(),
        }
    }
}

/// How two amounts relate.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AmountComparison)]
#[serde(rename_all = "camelCase")]
struct AmountBody {
    outcome: OutcomeBody,
    /// Present where they can't be compared.
    #[schema(required = true)]
    reason: Option<ReasonBody>,
    /// Present where they can, and both fit one unit exactly.
    #[schema(required = true)]
    normalized: Option<NormalizedBody>,
}

impl From<&AmountComparison> for AmountBody {
    fn from(amount: &AmountComparison) -> Self {
        Self {
            outcome: amount.outcome.into(),
            reason: amount.reason.map(Into::into),
            normalized: amount.normalized.as_ref().map(NormalizedBody::from),
        }
    }
}

/// One ingredient of both. A side has several entries where the ministry lists it more than once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IngredientRow)]
#[serde(rename_all = "camelCase")]
struct IngredientRowBody {
    presence: PresenceBody,
    a: Vec<ActiveBody>,
    b: Vec<ActiveBody>,
    amount: AmountBody,
}

impl IngredientRowBody {
    fn new(row: &IngredientRow, known: &Ingredients) -> Self {
        let side = |views: &[IngredientView]| {
            views
                .iter()
                .map(|view| ActiveBody::new(view, known))
                .collect()
        };
        Self {
            presence: row.presence.into(),
            a: side(&row.a),
            b: side(&row.b),
            amount: AmountBody::from(&row.amount),
        }
    }
}

/// One variant of the first against one of the second.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VariantComparison)]
#[serde(rename_all = "camelCase")]
struct VariantPairBody {
    #[schema(required = true)]
    label_a: Option<String>,
    #[schema(required = true)]
    label_b: Option<String>,
    basis_a: BasisBody,
    basis_b: BasisBody,
    ingredients: Vec<IngredientRowBody>,
}

impl VariantPairBody {
    fn new(pair: &VariantComparison, known: &Ingredients) -> Self {
        let rows = pair.ingredients.iter();
        Self {
            label_a: pair.label_a.clone(),
            label_b: pair.label_b.clone(),
            basis_a: BasisBody::from(&pair.basis_a),
            basis_b: BasisBody::from(&pair.basis_b),
            ingredients: rows.map(|row| IngredientRowBody::new(row, known)).collect(),
        }
    }
}

/// One additive of both.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdditiveRow)]
#[serde(rename_all = "camelCase")]
struct AdditiveRowBody {
    #[serde(flatten)]
    additive: AdditiveBody,
    presence: PresenceBody,
}

/// Whether an aspect agrees.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AspectCheck)]
#[serde(rename_all = "camelCase")]
struct CheckBody {
    aspect: AspectBody,
    agreement: AgreementBody,
}

/// Whether the two are the same, and what speaks against it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Sameness)]
#[serde(rename_all = "camelCase")]
struct SamenessBody {
    verdict: VerdictBody,
    checks: Vec<CheckBody>,
}

/// An official text of both.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DocumentPair<'d> {
    #[schema(value_type = Option<DocumentBody>, required = true)]
    a: &'d RawValue,
    #[schema(value_type = Option<DocumentBody>, required = true)]
    b: &'d RawValue,
}

/// e약은요 of both.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EasyGuidePair<'d> {
    #[schema(value_type = Option<EasyGuideBody>, required = true)]
    a: &'d RawValue,
    #[schema(value_type = Option<EasyGuideBody>, required = true)]
    b: &'d RawValue,
}

/// The official texts side by side; null where the ministry has none.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DocumentRows<'d> {
    /// 효능효과
    efficacy: DocumentPair<'d>,
    /// 용법용량
    dosage: DocumentPair<'d>,
    /// 사용상의주의사항
    precautions: DocumentPair<'d>,
    /// e약은요
    easy_guide: EasyGuidePair<'d>,
}

impl<'d> DocumentRows<'d> {
    fn new(a: DocumentsBody<'d>, b: DocumentsBody<'d>) -> Self {
        let pair = |a, b| DocumentPair { a, b };
        Self {
            efficacy: pair(a.efficacy, b.efficacy),
            dosage: pair(a.dosage, b.dosage),
            precautions: pair(a.precautions, b.precautions),
            easy_guide: EasyGuidePair {
                a: a.easy_guide,
                b: b.easy_guide,
            },
        }
    }
}

/// Two medicines side by side.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComparisonAnswer<'d> {
    a: MedicineSummary,
    b: MedicineSummary,
    /// Sentences to show above the comparison: a product that is not sold any more, a composition
    /// that was not wholly understood.
    notices: Vec<String>,
    attributes: Vec<AttributeRowBody>,
    /// Pairs of variants: by label where both have the same labels, else each with each.
    variants: Vec<VariantPairBody>,
    /// Pairs left out, since there were too many.
    omitted_pairs: usize,
    additives: Vec<AdditiveRowBody>,
    /// The first composition was wholly understood.
    complete_a: bool,
    /// The second composition was wholly understood.
    complete_b: bool,
    sameness: SamenessBody,
    /// Null where a text can't be had right now, which `documentsUnavailable` says.
    #[schema(required = true)]
    documents: Option<DocumentRows<'d>>,
    documents_unavailable: bool,
    /// When the data were synchronised with the ministry's.
    as_of: DateTime<Utc>,
}

impl<'d> ComparisonAnswer<'d> {
    /// Nothing is missing that will be there soon.
    pub(crate) fn is_complete(&self) -> bool {
        !self.documents_unavailable
    }

    /// The comparison of two products with ids and descriptions of `known`.
    pub(crate) fn new(
        (a, b): (MedicineSummary, MedicineSummary),
        notices: Vec<String>,
        comparison: &Comparison,
        known: &Ingredients,
        documents: Option<(DocumentsBody<'d>, DocumentsBody<'d>)>,
        as_of: DateTime<Utc>,
    ) -> Self {
        let attributes = comparison.attributes.iter().map(|row| AttributeRowBody {
            attribute: row.attribute.into(),
            a: row.a.clone(),
            b: row.b.clone(),
            differs: row.differs,
        });
        let additives = comparison.additives.iter().map(|row| AdditiveRowBody {
            additive: AdditiveBody::new(&row.additive, known),
            presence: row.presence.into(),
        });
        let checks = comparison.sameness.checks.iter().map(|check| CheckBody {
            aspect: check.aspect.into(),
            agreement: check.agreement.into(),
        });
        let variants = comparison.variants.iter();
        Self {
            a,
            b,
            notices,
            attributes: attributes.collect(),
            variants: variants
                .map(|pair| VariantPairBody::new(pair, known))
                .collect(),
            omitted_pairs: comparison.omitted_pairs,
            additives: additives.collect(),
            complete_a: comparison.complete_a,
            complete_b: comparison.complete_b,
            sameness: SamenessBody {
                verdict: comparison.sameness.verdict.into(),
                checks: checks.collect(),
            },
            documents_unavailable: documents.is_none(),
            documents: documents.map(|(a, b)| DocumentRows::new(a, b)),
            as_of,
        }
    }
}
