//! What is told of wishes.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::catalogue::MedicineSummary;

/// A medicine that one wishes. `status` says whether it is still sold.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Wish {
    #[serde(flatten)]
    pub(super) medicine: MedicineSummary,
    /// Since when.
    pub(super) wished_at: DateTime<Utc>,
}

/// A page of one's wishes, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Wishes {
    pub(super) items: Vec<Wish>,
    #[schema(minimum = 1, maximum = 10_000)]
    pub(super) page: usize,
    #[schema(minimum = 1, maximum = 100)]
    pub(super) page_size: usize,
    /// Wishes on all pages.
    #[schema(minimum = 0, maximum = 1_000)]
    pub(super) total: usize,
    /// When the data were synchronised with the ministry's.
    pub(super) as_of: DateTime<Utc>,
}
