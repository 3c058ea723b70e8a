//! What a member is told of his list.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::catalogue::NamedIngredient;

/// An ingredient that one is allergic to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Allergy)]
pub(crate) struct AllergyAnswer {
    /// The ingredient. One that was merged into another is that other.
    #[schema(example = "1024")]
    ingredient_id: String,
    /// Its name; null where the catalogue doesn't know the ingredient at the moment.
    #[schema(required = true, example = "아세트아미노펜")]
    name: Option<String>,
    #[schema(required = true)]
    english_name: Option<String>,
    /// Since when it is listed.
    #[schema(format = DateTime)]
    added_at: String,
}

impl AllergyAnswer {
    pub(super) fn new(ingredient: NamedIngredient, at: DateTime<Utc>) -> Self {
        Self {
            ingredient_id: ingredient.id.to_string(),
            name: ingredient.name,
            english_name: ingredient.english_name,
            added_at: at.to_rfc3339_opts(SecondsFormat::Millis, true),
        }
    }
}

/// One's allergies.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Allergies)]
pub(crate) struct AllergiesAnswer {
    /// Oldest first, each ingredient once.
    #[schema(max_items = 200)]
    pub(super) items: Vec<AllergyAnswer>,
    /// Whether one agrees to their being stored (consent `sensitive`). Taking that back deletes them.
    pub(super) consented: bool,
}
