//! What counsellors send by a click: read by all of them, written by admins.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json as Answer};
use serde::{Deserialize, Serialize};

use super::Rest;
use super::body::Json;
use super::failure::Failure;
use super::keywords::{Items, name, text};
use crate::identity::Staff;
use crate::store::{AccessKind, CannedReply};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reply {
    id: String,
    title: String,
    text: String,
}

/// What is written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Entry {
    title: String,
    text: String,
}

impl From<CannedReply> for Reply {
    fn from(reply: CannedReply) -> Self {
        Self {
            id: reply.id.as_str().to_owned(),
            title: reply.title,
            text: reply.text.into(),
        }
    }
}

pub(super) async fn list(State(rest): State<Rest>) -> Result<Answer<Items<Reply>>, Failure> {
    let found = rest.store().canned(rest.now()).await?;
    let items = found.into_iter().map(Reply::from).collect();
    Ok(Answer(Items { items }))
}

pub(super) async fn write(
    State(rest): State<Rest>,
    Extension(staff): Extension<Staff>,
    id: Result<Path<String>, PathRejection>,
    Json(entry): Json<Entry>,
) -> Result<Answer<Reply>, Failure> {
    let reply = CannedReply {
        id: name(id)?,
        title: entry.title,
        text: text(&entry.text)?,
    };
    rest.record(&staff, AccessKind::CannedRepliesChanged, None)
        .await?;
    rest.store().put_canned(&reply, rest.now()).await?;
    Ok(Answer(reply.into()))
}

pub(super) async fn remove(
    State(rest): State<Rest>,
    Extension(staff): Extension<Staff>,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Failure> {
    let id = name(id)?;
    rest.record(&staff, AccessKind::CannedRepliesChanged, None)
        .await?;
    rest.store().remove_canned(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}
