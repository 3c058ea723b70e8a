//! What is asked and told of a compare box.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::{Boxed, MOST};
use crate::catalogue::service::summary_of;
use crate::catalogue::{MedicineSummary, View};

/// A medicine in the box. `status` says whether it is still sold.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BoxedMedicine {
    #[serde(flatten)]
    medicine: MedicineSummary,
    /// Since when.
    added_at: DateTime<Utc>,
}

/// One's compare box.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CompareBox {
    /// In the order in which they came.
    #[schema(max_items = 10)]
    items: Vec<BoxedMedicine>,
    /// How many fit in.
    #[schema(example = 10)]
    limit: usize,
    /// When the data were synchronised with the ministry's.
    as_of: DateTime<Utc>,
}

impl CompareBox {
    /// A box as it stands.
    pub(super) fn new(view: &View, boxed: &[Boxed]) -> Self {
        let items = boxed.iter().filter_map(|&(id, added_at)| {
            let medicine = summary_of(view, id)?;
            Some(BoxedMedicine { medicine, added_at })
        });
        Self {
            items: items.collect(),
            limit: MOST,
            as_of: view.as_of(),
        }
    }
}

/// The box of a browser, to be put behind one's own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BrowserBox {
    /// In their order.
    #[schema(max_items = 100, example = json!(["195500005"]))]
    pub(super) medicine_ids: Vec<String>,
}

/// Why a medicine isn't in the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum LeftOutReason {
    /// The box is full.
    Full,
    /// No medicine has this id.
    Unknown,
}

/// A medicine of the browser's that isn't in the box.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LeftOut {
    #[schema(example = "195500005")]
    pub(super) medicine_id: String,
    pub(super) reason: LeftOutReason,
}

/// One's box after a merge.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MergedBox {
    #[serde(flatten)]
    pub(super) compare_box: CompareBox,
    /// What had no room or isn't known, in the browser's order.
    pub(super) left_out: Vec<LeftOut>,
}
