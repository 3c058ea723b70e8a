//! What is told and taken about reports of reviews.

use chrono::{DateTime, Utc};
use domain::review::{Decision, ReportReason};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answers::{StateBody, edited_at};
use super::store::pages::Shown;
use super::store::reports::Report;
use crate::http::mirror::mirror;

mirror! {
    /// Why a reader reports a review.
    #[schema(as = ReviewReportReason)]
    ReasonBody from ReportReason {
        /// 광고
        Advertising,
        /// 욕설, 혐오
        Abuse,
        /// 개인정보 노출
        PersonalData,
        /// 위험한 정보
        Dangerous,
        /// 이 의약품과 관계없음
        OffTopic,
        /// 기타
        Other,
    }
}

mirror! {
    /// What an admin decides.
    #[schema(as = ReviewDecisionKind)]
    DecisionKind from Decision {
        /// It is shown.
        Keep,
        /// It is hidden.
        Hide,
    }
}

/// Why one reports a review.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewReviewReport)]
pub(crate) struct ReportBody {
    #[schema(value_type = ReasonBody)]
    pub(crate) reason: String,
    /// More about it, for the admin.
    #[schema(max_length = 500)]
    pub(crate) detail: Option<String>,
}

/// A report that was taken.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReviewReport)]
pub(crate) struct ReportAnswer {
    pub(crate) review_id: String,
    pub(crate) reason: ReasonBody,
    /// `false` where a report of the caller is open already: that one counts.
    pub(crate) counted: bool,
}

/// What an admin decides on a review.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReviewDecision)]
pub(crate) struct DecisionBody {
    #[schema(value_type = DecisionKind)]
    pub(crate) decision: String,
}

/// A review as admins see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdminReview {
    id: String,
    #[schema(example = "195500005")]
    medicine_id: String,
    /// The id of its author, who may be suspended by it.
    author_id: String,
    #[schema(minimum = 1, maximum = 5)]
    rating: u8,
    text: String,
    state: StateBody,
    /// Reports that nobody has decided on.
    open_reports: u32,
    created_at: DateTime<Utc>,
    #[schema(required = true)]
    edited_at: Option<DateTime<Utc>>,
    /// The newest, decided on or not.
    reports: Vec<AdminReviewReport>,
}

/// A report as admins see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdminReviewReport {
    /// The id of who reported.
    reporter_id: String,
    #[schema(value_type = ReasonBody)]
    reason: String,
    #[schema(required = true)]
    detail: Option<String>,
    reported_at: DateTime<Utc>,
    /// When an admin decided on it.
    #[schema(required = true)]
    decided_at: Option<DateTime<Utc>>,
}

impl AdminReview {
    /// A review with its reports.
    pub(crate) fn new(shown: Shown, text: String, reports: Vec<Report>) -> Self {
        let review = shown.review;
        Self {
            edited_at: edited_at(&review),
            medicine_id: review.medicine.to_string(),
            id: review.id,
            author_id: shown.author_id,
            rating: review.rating.get(),
            text,
            state: review.moderation.state.into(),
            open_reports: review.moderation.open,
            created_at: review.created_at,
            reports: reports.into_iter().map(AdminReviewReport::from).collect(),
        }
    }
}

impl From<Report> for AdminReviewReport {
    fn from(report: Report) -> Self {
        Self {
            reporter_id: report.reporter,
            reason: report.reason,
            detail: report.detail,
            reported_at: report.at,
            decided_at: report.decided_at,
        }
    }
}

/// A page of reviews, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdminReviews {
    pub(crate) items: Vec<AdminReview>,
    /// For the next page; null where there is none.
    #[schema(required = true)]
    pub(crate) next_cursor: Option<String>,
}
