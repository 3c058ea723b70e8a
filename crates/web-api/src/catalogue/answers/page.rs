//! Lists: search, suggestions, types.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::medicine::{MedicineSummary, TypeBody};
use crate::search::MatchClass;

/// How a text was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Match)]
#[serde(rename_all = "camelCase")]
pub(crate) enum MatchBody {
    /// The query is the whole text.
    Exact,
    /// The text begins with the query.
    Prefix,
    /// The text holds the query.
    Contains,
}

impl From<MatchClass> for MatchBody {
    fn from(class: MatchClass) -> Self {
        match class {
            MatchClass::Exact => Self::Exact,
            MatchClass::Prefix => Self::Prefix,
            MatchClass::Contains => Self::Contains,
        }
    }
}

/// A medicine that a search found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MedicineHit {
    #[serde(flatten)]
    pub(crate) medicine: MedicineSummary,
    /// How it was found; null where nothing was searched for.
    #[schema(required = true)]
    pub(crate) r#match: Option<MatchBody>,
    /// What the query was taken for; null where it was taken as it was typed.
    #[schema(required = true)]
    pub(crate) understood_as: Option<String>,
}

/// How many hits have one value.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FacetCount {
    /// The value: a class, the name of a type, a maker.
    #[schema(example = "해열.진통.소염제")]
    pub(crate) value: String,
    /// Hits with it.
    #[schema(minimum = 1)]
    pub(crate) count: usize,
}

/// Counts over all hits, not only those of the page; most first.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Facets {
    /// `otc` and `prescription`, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) class: Option<Vec<FacetCount>>,
    /// Therapeutic types, where asked for: at most 20.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) r#type: Option<Vec<FacetCount>>,
    /// Makers, where asked for: at most 20.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) maker: Option<Vec<FacetCount>>,
}

/// A page of a search.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SearchAnswer {
    pub(crate) items: Vec<MedicineHit>,
    #[schema(minimum = 1, maximum = 10_000)]
    pub(crate) page: usize,
    #[schema(minimum = 1, maximum = 100)]
    pub(crate) page_size: usize,
    /// How many medicines were found, exactly.
    #[schema(minimum = 0)]
    pub(crate) total: usize,
    /// Present where `facets` asked for any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) facets: Option<Facets>,
    /// When the data were synchronised with the ministry's.
    pub(crate) as_of: DateTime<Utc>,
}

/// A medicine for completion.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MedicineSuggestion {
    #[schema(example = "195500005")]
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) maker: String,
    pub(crate) r#match: MatchBody,
    /// What the query was taken for; null where it was taken as it was typed.
    #[schema(required = true)]
    pub(crate) understood_as: Option<String>,
}

/// At most ten suggestions.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MedicineSuggestions {
    #[schema(max_items = 10)]
    pub(crate) items: Vec<MedicineSuggestion>,
    /// When the data were synchronised with the ministry's.
    pub(crate) as_of: DateTime<Utc>,
}

/// A therapeutic type with its products.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TypeEntry {
    #[serde(flatten)]
    pub(crate) r#type: TypeBody,
    /// Products for sale.
    #[schema(minimum = 1)]
    pub(crate) count: usize,
}

/// All therapeutic types, by code.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MedicineTypes {
    pub(crate) items: Vec<TypeEntry>,
    /// When the data were synchronised with the ministry's.
    pub(crate) as_of: DateTime<Utc>,
}
