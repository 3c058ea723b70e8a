//! What is told of the audit.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::store::audit_pages::Numbered;

/// A line of the audit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditLine {
    #[schema(example = "1024")]
    id: String,
    at: DateTime<Utc>,
    /// What was done.
    #[schema(example = "suspended")]
    action: String,
    /// The id of who did it; null where nobody knows, or the service did it itself.
    #[schema(required = true)]
    actor: Option<String>,
    /// The id of the member it was done to.
    #[schema(required = true)]
    subject: Option<String>,
    /// In, or to, which session.
    #[schema(required = true)]
    session_id: Option<String>,
    /// In which request.
    #[schema(required = true)]
    request_id: Option<String>,
    /// From where; null where none is kept, or its owner has left.
    #[schema(required = true)]
    address: Option<String>,
    /// A word about it.
    #[schema(required = true)]
    detail: Option<String>,
}

impl AuditLine {
    /// A line whose address was opened.
    pub(crate) fn new(line: Numbered, address: Option<IpAddr>) -> Self {
        Self {
            id: line.id.to_string(),
            at: line.at,
            action: line.action,
            actor: line.actor,
            subject: line.subject,
            session_id: line.session,
            request_id: line.request,
            address: address.map(|address| address.to_string()),
            detail: line.detail,
        }
    }
}

/// A page of the audit, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditPage {
    #[schema(max_items = 100)]
    pub(crate) items: Vec<AuditLine>,
    /// For the page after this one; null on the last one.
    #[schema(required = true)]
    pub(crate) next_cursor: Option<String>,
}
