//! Ingredients.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::medicine::MedicineSummary;
use super::page::{MatchBody, Span};
use crate::catalogue::snapshot::{Ingredient, Role};
use crate::http::mirror::mirror;

mirror! {
    /// In which part of a product an ingredient stands.
    #[schema(as = IngredientRole)]
    RoleBody from Role {
        /// It acts.
        Active,
        /// It doesn't: colour, binder, coating.
        Additive,
    }
}

/// An ingredient, active or additive.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IngredientAnswer {
    #[schema(example = "1024")]
    id: String,
    #[schema(example = "아세트아미노펜")]
    name: String,
    #[schema(required = true)]
    english_name: Option<String>,
    /// The ministry's code.
    #[schema(required = true)]
    code: Option<String>,
    /// What it is, where somebody wrote it.
    #[schema(required = true)]
    description: Option<String>,
    /// Products for sale in which it acts.
    #[schema(minimum = 0)]
    active_in: usize,
    /// Products for sale in which it is an additive only.
    #[schema(minimum = 0)]
    additive_in: usize,
    /// When the data were synchronised with the ministry's.
    as_of: DateTime<Utc>,
}

impl IngredientAnswer {
    /// The answer about an ingredient.
    pub(crate) fn new(ingredient: &Ingredient, as_of: DateTime<Utc>) -> Self {
        let medicines = ingredient.medicines();
        let active_in = medicines
            .iter()
            .filter(|(_, role)| *role == Role::Active)
            .count();
        Self {
            id: ingredient.id.to_string(),
            name: ingredient.name.to_string(),
            english_name: ingredient.english_name.as_deref().map(str::to_owned),
            code: ingredient.mfds_code.as_deref().map(str::to_owned),
            description: ingredient.description.as_deref().map(str::to_owned),
            active_in,
            additive_in: medicines.len() - active_in,
            as_of,
        }
    }
}

/// An ingredient for completion.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IngredientSuggestion {
    #[schema(example = "1024")]
    pub(crate) id: String,
    pub(crate) name: String,
    #[schema(required = true)]
    pub(crate) english_name: Option<String>,
    /// Products for sale that hold it.
    #[schema(minimum = 0)]
    pub(crate) medicine_count: usize,
    pub(crate) r#match: MatchBody,
    /// What the query was taken for: the text in the other keyboard layout, or the name that is one
    /// letter off. Null where it was taken as it was typed.
    #[schema(required = true, example = json!(null))]
    pub(crate) understood_as: Option<String>,
    /// The parts of `name` that were matched, in order; empty where it was another of its names.
    #[schema(example = json!([{"start": 0, "end": 3}]))]
    pub(crate) matched: Vec<Span>,
    /// The same of `englishName`, where nothing of `name` was matched.
    #[schema(example = json!([]))]
    pub(crate) matched_english: Vec<Span>,
}

/// At most ten suggestions.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IngredientSuggestions {
    #[schema(max_items = 10)]
    pub(crate) items: Vec<IngredientSuggestion>,
    /// When the data were synchronised with the ministry's.
    pub(crate) as_of: DateTime<Utc>,
}

/// A product that holds the ingredient.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IngredientMedicine {
    #[serde(flatten)]
    pub(crate) medicine: MedicineSummary,
    pub(crate) role: RoleBody,
}

/// A page of products for sale that hold the ingredient, most wished first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IngredientMedicines {
    pub(crate) items: Vec<IngredientMedicine>,
    #[schema(minimum = 1, maximum = 10_000)]
    pub(crate) page: usize,
    #[schema(minimum = 1, maximum = 100)]
    pub(crate) page_size: usize,
    #[schema(minimum = 0)]
    pub(crate) total: usize,
    /// When the data were synchronised with the ministry's.
    pub(crate) as_of: DateTime<Utc>,
}
