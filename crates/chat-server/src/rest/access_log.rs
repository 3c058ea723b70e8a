//! What staff opened, searched, read and changed.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::{Extension, Json as Answer};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use service_kit::problem::LocalText;

use super::Rest;
use super::failure::Failure;
use super::keywords::Items;
use super::unknown_words::limit;
use crate::identity::Staff;
use crate::store::model::{Moment, StaffId};
use crate::store::{Access, AccessKind};

const BEFORE: LocalText = LocalText::new(
    "2026-10-02T05:00:00Z와 같은 시각으로 입력해 주세요.",
    "A moment such as 2026-10-02T05:00:00Z.",
);

/// Which entries.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Asked {
    staff: Option<String>,
    before: Option<String>,
    limit: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    staff: String,
    kind: AccessKind,
    conversation_id: Option<String>,
    at: String,
}

impl From<Access> for Entry {
    fn from(access: Access) -> Self {
        let at = access.at.date_time();
        Self {
            staff: access.staff.as_str().to_owned(),
            kind: access.kind,
            conversation_id: access.conversation.map(|id| id.to_string()),
            at: at.to_rfc3339_opts(SecondsFormat::Millis, true),
        }
    }
}

pub(super) async fn list(
    State(rest): State<Rest>,
    Extension(who): Extension<Staff>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Answer<Items<Entry>>, Failure> {
    let Query(asked) = asked.map_err(|_| Failure::invalid("query"))?;
    let limit = limit(asked.limit)?;
    let staff: Option<StaffId> = match asked.staff {
        Some(id) => Some(id.parse().map_err(|_| Failure::invalid("staff"))?),
        None => None,
    };
    let before = match asked.before {
        Some(text) => {
            let at: Result<DateTime<Utc>, _> = text.parse();
            let at = at.map_err(|_| Failure::field("before", BEFORE))?;
            Some(Moment::from(at))
        }
        None => None,
    };
    rest.record(&who, AccessKind::LogRead, None).await?;
    let now = rest.now();
    let found = rest.store().access_log(staff.as_ref(), before, limit, now);
    let items = found.await?.into_iter().map(Entry::from).collect();
    Ok(Answer(Items { items }))
}
