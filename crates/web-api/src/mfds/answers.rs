//! What is told of synchronisations.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sync::records::{OperationRow, RejectRow, RunRow};

/// What is asked for: nothing but a synchronisation.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct CatalogueSyncBody {}

/// A synchronisation that began, or goes on.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CatalogueSyncStarted {
    #[schema(example = "7")]
    pub(crate) id: String,
}

/// A synchronisation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CatalogueSync {
    #[schema(example = "7")]
    id: String,
    /// `running`, `pausedByQuota` and `interrupted` (a later one goes on from there), `failed` (refused by
    /// the checks; the old catalogue stays), `succeeded`, `abandoned`.
    #[schema(example = "succeeded")]
    state: String,
    /// Why it ended, in English, where it didn't succeed.
    #[schema(required = true)]
    reason: Option<String>,
    started_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    #[schema(required = true)]
    finished_at: Option<DateTime<Utc>>,
}

impl From<RunRow> for CatalogueSync {
    fn from(run: RunRow) -> Self {
        Self {
            id: run.id.to_string(),
            state: run.state,
            reason: run.reason,
            started_at: run.started_at,
            updated_at: run.updated_at,
            finished_at: run.finished_at,
        }
    }
}

/// A page of synchronisations, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CatalogueSyncs {
    pub(crate) items: Vec<CatalogueSync>,
    #[schema(minimum = 1, maximum = 10_000)]
    pub(crate) page: usize,
    #[schema(minimum = 1, maximum = 100)]
    pub(crate) page_size: usize,
    #[schema(minimum = 0)]
    pub(crate) total: i64,
}

/// How far an operation of the feed is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CatalogueSyncOperation {
    /// `permitList`, `pill`, `easyGuide` or `permitDetail`, read in this order.
    #[schema(example = "permitDetail")]
    operation: String,
    /// Records as the feed says.
    #[schema(minimum = 0)]
    total: i32,
    /// Pages that are stored.
    #[schema(minimum = 0)]
    pages: i32,
    /// Records that are stored.
    #[schema(minimum = 0)]
    records: i32,
    /// Records that can't enter the catalogue.
    #[schema(minimum = 0)]
    rejected: i32,
    /// Records that came twice.
    #[schema(minimum = 0)]
    duplicates: i32,
    /// Whether every record that the feed promises came.
    complete: bool,
}

impl From<OperationRow> for CatalogueSyncOperation {
    fn from(row: OperationRow) -> Self {
        Self {
            operation: row.operation,
            total: row.total,
            pages: row.pages,
            records: row.records,
            rejected: row.rejected,
            duplicates: row.duplicates,
            complete: row.complete,
        }
    }
}

/// A synchronisation with how far it is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CatalogueSyncDetail {
    #[serde(flatten)]
    pub(crate) run: CatalogueSync,
    /// Operations that were begun.
    #[schema(max_items = 4)]
    pub(crate) operations: Vec<CatalogueSyncOperation>,
}

/// A record that didn't enter the catalogue, or came twice.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CatalogueSyncReject {
    #[schema(example = "permitDetail")]
    operation: String,
    /// The page of the feed, from 1.
    page: i32,
    /// Its place on the page.
    position: i32,
    /// The product, where the record says which.
    #[schema(required = true)]
    medicine_id: Option<String>,
    /// The field that is wrong, as the feed names it.
    #[schema(example = "ITEM_SEQ")]
    field: String,
    #[schema(example = "duplicate")]
    code: String,
    /// In English.
    reason: String,
    /// The beginning of the record as it came.
    raw: String,
}

impl From<RejectRow> for CatalogueSyncReject {
    fn from(row: RejectRow) -> Self {
        Self {
            operation: row.operation,
            page: row.page,
            position: row.position,
            medicine_id: row.medicine.map(|id| id.to_string()),
            field: row.field,
            code: row.code,
            reason: row.reason,
            raw: row.raw,
        }
    }
}

/// A page of rejected records, in the order in which they were read.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CatalogueSyncRejects {
    pub(crate) items: Vec<CatalogueSyncReject>,
    #[schema(minimum = 1, maximum = 10_000)]
    pub(crate) page: usize,
    #[schema(minimum = 1, maximum = 100)]
    pub(crate) page_size: usize,
    #[schema(minimum = 0)]
    pub(crate) total: i64,
}
