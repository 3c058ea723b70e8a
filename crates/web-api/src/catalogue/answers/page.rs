//! Lists: search, suggestions, types.

use std::ops::Range;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::medicine::{MedicineSummary, PillLookBody, SaleClass, TypeBody};
use crate::allergies::AllergyMarks;
use crate::http::slots::{MarkedId, OfCaller};
use crate::search::MatchClass;

/// How a text was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Match)]
#[serde(rename_all = "camelCase")]
pub(crate) enum MatchBody {
    /// The query is the whole text, or all of it that stands outside brackets.
    Exact,
    /// The text begins with the query.
    Prefix,
    /// The text holds the query, or each part that it names (`타이레놀500`), or each of its words in any
    /// order; of several words some may be the maker's or an ingredient's.
    Contains,
    /// The query holds first letters of syllables (초성), with which the text, or a part of it, begins.
    Initials,
    /// The query was typed in the other keyboard layout; see `understoodAs`. In the order of an answer
    /// this and `initials` are one.
    Layout,
    /// The query is one letter off; see `understoodAs`. Such hits come only where there are no others.
    /// Make sure that people see what was understood, the ingredients and the maker: names of
    /// different medicines may differ by one letter.
    Fuzzy,
}

impl From<MatchClass> for MatchBody {
    fn from(class: MatchClass) -> Self {
        match class {
            MatchClass::Exact => Self::Exact,
            MatchClass::Prefix => Self::Prefix,
            MatchClass::Contains => Self::Contains,
            MatchClass::Initials => Self::Initials,
            MatchClass::Layout => Self::Layout,
            MatchClass::Fuzzy => Self::Fuzzy,
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
    /// What the query was taken for: the text in the other keyboard layout, or the brand that is one
    /// letter off. Null where it was taken as it was typed.
    #[schema(required = true, example = json!(null))]
    pub(crate) understood_as: Option<String>,
    /// The parts of `name` that were matched, in order; empty where it was the English name, and
    /// where another field than the name was searched.
    #[schema(example = json!([{"start": 0, "end": 4}]))]
    pub(crate) matched: Vec<Span>,
    /// The same of `englishName`, where nothing of `name` was matched.
    #[schema(example = json!([]))]
    pub(crate) matched_english: Vec<Span>,
}

/// A part of a text, in UTF-16 code units, as JavaScript counts: `text.slice(start, end)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Span {
    /// Where it begins.
    #[schema(minimum = 0)]
    start: usize,
    /// Where it ends, exclusive.
    #[schema(minimum = 1)]
    end: usize,
}

impl Span {
    /// The spans of ranges of bytes.
    pub(crate) fn all(text: &str, ranges: &[Range<usize>]) -> Vec<Self> {
        let units = |end| {
            let before = text.get(..end).unwrap_or_default();
            before.encode_utf16().count()
        };
        let spans = ranges.iter().map(|range| Self {
            start: units(range.start),
            end: units(range.end),
        });
        spans.filter(|span| span.start < span.end).collect()
    }
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

/// Counts over all hits, not only those of the page; most first. The filters narrow every facet but
/// their own: with `type=` the counts of types say what other types would find.
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
    /// How many more there were that `excludeAllergens` left out; present where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0)]
    pub(crate) hidden: Option<usize>,
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
    #[schema(value_type = String, example = "195500005")]
    pub(crate) id: MarkedId,
    /// Whether the caller wishes it. Present for who is signed in; null where that can't be looked up
    /// right now.
    #[serde(skip_serializing_if = "OfCaller::is_left_out")]
    #[schema(value_type = Option<bool>)]
    pub(crate) wished: OfCaller,
    /// Whether it is in the caller's compare box. Present for who is signed in; null where that can't
    /// be looked up right now.
    #[serde(skip_serializing_if = "OfCaller::is_left_out")]
    #[schema(value_type = Option<bool>)]
    pub(crate) in_compare_box: OfCaller,
    pub(crate) name: String,
    #[schema(required = true)]
    pub(crate) english_name: Option<String>,
    pub(crate) maker: String,
    /// The group that it is sold in; null where the ministry doesn't say.
    #[schema(required = true)]
    pub(crate) class: Option<SaleClass>,
    /// Photo.
    #[schema(required = true)]
    pub(crate) image_url: Option<String>,
    /// The first pill of the product, to draw where there is no photo.
    #[schema(required = true)]
    pub(crate) pill: Option<PillLookBody>,
    /// What acts in it, each name once: show it, above all beside a fuzzy match.
    pub(crate) ingredients: Vec<String>,
    pub(crate) r#match: MatchBody,
    /// What the query was taken for: the text in the other keyboard layout, or the brand that is one
    /// letter off. Null where it was taken as it was typed.
    #[schema(required = true, example = json!(null))]
    pub(crate) understood_as: Option<String>,
    /// The parts of `name` that were matched, in order; empty where it was the English name.
    #[schema(example = json!([{"start": 0, "end": 2}]))]
    pub(crate) matched: Vec<Span>,
    /// The same of `englishName`, where nothing of `name` was matched.
    #[schema(example = json!([]))]
    pub(crate) matched_english: Vec<Span>,
    #[serde(flatten)]
    pub(crate) allergies: AllergyMarks,
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
