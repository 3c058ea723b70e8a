//! Messages to Slack that were given up.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json as Answer};
use chrono::SecondsFormat;
use serde::Serialize;
use service_kit::problem::ProblemKind;

use super::Rest;
use super::failure::Failure;
use super::keywords::Items;
use crate::identity::Staff;
use crate::store::model::{ConversationId, Delivery, DeliveryId, Refusal, Subject};
use crate::store::{AccessKind, ChangeError, MOST_ROWS};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeadLetter {
    conversation_id: String,
    /// As it is told outside.
    number: String,
    delivery_id: String,
    subject: Subject,
    created_at: String,
    attempts: u32,
    failure: Option<String>,
}

fn shown((conversation, delivery): (ConversationId, Delivery)) -> DeadLetter {
    let created_at = delivery.created_at.date_time();
    DeadLetter {
        conversation_id: conversation.to_string(),
        number: conversation.number(),
        delivery_id: delivery.id.to_string(),
        subject: delivery.subject,
        created_at: created_at.to_rfc3339_opts(SecondsFormat::Millis, true),
        attempts: delivery.attempts,
        failure: delivery.failure,
    }
}

pub(super) async fn list(
    State(rest): State<Rest>,
    Extension(staff): Extension<Staff>,
) -> Result<Answer<Items<DeadLetter>>, Failure> {
    rest.record(&staff, AccessKind::DeadLettersRead, None)
        .await?;
    let found = rest.store().dead_letters(MOST_ROWS).await?;
    let items = found.into_iter().map(shown).collect();
    Ok(Answer(Items { items }))
}

/// Sends one again. One that isn't dead any more is on its way already.
pub(super) async fn resend(
    State(rest): State<Rest>,
    Extension(staff): Extension<Staff>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<StatusCode, Failure> {
    let Path((conversation, delivery)) = path.map_err(|_| Failure::not_found())?;
    let id: ConversationId = conversation.parse().map_err(|_| Failure::not_found())?;
    let delivery: DeliveryId = delivery.parse().map_err(|_| Failure::not_found())?;
    rest.record(&staff, AccessKind::Resent, Some(id)).await?;
    match rest.store().resend(id, delivery, rest.now()).await {
        Ok(changed) => {
            rest.parts.hub.changed(&changed);
            Ok(StatusCode::ACCEPTED)
        }
        Err(ChangeError::Refused(Refusal::NoConversation | Refusal::NothingThere)) => {
            Err(Failure::not_found())
        }
        Err(ChangeError::Refused(_)) => Err(Failure::new(ProblemKind::Conflict)),
        Err(ChangeError::Store(error)) => Err(error.into()),
    }
}
