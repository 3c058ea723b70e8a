//! Reviews, reactions and reports in an export.

use domain::review::Publication;
use serde::Serialize;
use utoipa::ToSchema;

use super::personal_answers::moment;
use crate::reviews::store::Stored;
use crate::reviews::store::reactions::Known;
use crate::reviews::store::reports::Report;

/// What one said of a medicine.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExportReview {
    id: String,
    /// The medicine.
    medicine_id: String,
    /// From 1 to 5.
    rating: u8,
    text: String,
    /// `public` or `private`.
    visibility: &'static str,
    /// Which notice one read before it became public.
    notice_version: Option<String>,
    /// When one said so.
    #[schema(format = DateTime)]
    notice_acknowledged_at: Option<String>,
    /// `shown`, `reported` or `hidden`.
    state: &'static str,
    #[schema(format = DateTime)]
    created_at: String,
    /// When one changed it last.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// What one thinks of another's review.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExportReaction {
    review_id: String,
    /// `helpful` or `unhelpful`.
    kind: String,
    /// Since when.
    #[schema(format = DateTime)]
    reacted_at: String,
}

/// Another's review that one reported.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExportReport {
    review_id: String,
    reason: String,
    detail: Option<String>,
    #[schema(format = DateTime)]
    reported_at: String,
    /// When an admin decided on it.
    #[schema(format = DateTime)]
    decided_at: Option<String>,
}

impl From<(Stored, String)> for ExportReview {
    fn from((review, text): (Stored, String)) -> Self {
        let visibility = review.publication.visibility();
        let (notice, acknowledged_at) = match review.publication {
            Publication::Private => (None, None),
            Publication::Public {
                notice,
                acknowledged_at,
            } => (Some(notice), Some(acknowledged_at)),
        };
        Self {
            id: review.id,
            medicine_id: review.medicine.to_string(),
            rating: review.rating.get(),
            text,
            visibility: visibility.as_str(),
            notice_version: notice.map(|version| version.as_str().to_owned()),
            notice_acknowledged_at: acknowledged_at.map(moment),
            state: review.moderation.state.as_str(),
            created_at: moment(review.created_at),
            updated_at: moment(review.updated_at),
        }
    }
}

impl From<Known> for ExportReaction {
    fn from(reaction: Known) -> Self {
        Self {
            review_id: reaction.review,
            kind: reaction.kind,
            reacted_at: moment(reaction.at),
        }
    }
}

impl From<Report> for ExportReport {
    fn from(report: Report) -> Self {
        Self {
            review_id: report.review_id,
            reason: report.reason,
            detail: report.detail,
            reported_at: moment(report.at),
            decided_at: report.decided_at.map(moment),
        }
    }
}
