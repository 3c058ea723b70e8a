//! `POST /reviews/{id}/reports`

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::chat::text::TextError;
use domain::review::{ReportDetail, ReportReason};
use serde::Serialize;

use super::{review_id, word};
use crate::accounts::Accounts;
use crate::http::caller::SignedIn;
use crate::http::checks::Checks;
use crate::http::json::Json;
use crate::http::once::{self, sent};
use crate::http::openapi::{NotFound, WriteProblems};
use crate::http::parameters::Parameters;
use crate::http::problem::Problem;
use crate::http::problem_texts::Message;
use crate::reviews::report_answers::{ReportAnswer, ReportBody};
use crate::reviews::service;
use crate::routes;

/// Characters of what is said with a report, at most.
const LONGEST: usize = 500;

/// What tells a call from others.
#[derive(Serialize)]
struct Asked<'a> {
    review: &'a str,
    body: &'a ReportBody,
}

/// Reports a review to the admins. One open report a reader: a second one changes nothing.
///
/// Reported by several, it is hidden until an admin decides. Not for one's own: 403 `own_review`.
#[utoipa::path(
    post,
    path = routes::REVIEW_REPORTS,
    operation_id = "reportReview",
    tag = "reviews",
    params(
        ("id" = String, Path, description = "The id of the review.", max_length = 36),
        ("Idempotency-Key" = Option<String>, Header, max_length = 100, description = "The same key gets the same answer, for 24 hours."),
    ),
    request_body = ReportBody,
    responses((status = 201, description = "It is reported.", body = ReportAnswer), NotFound, WriteProblems),
)]
pub(crate) async fn report_review(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
    Json(body): Json<ReportBody>,
) -> Result<HttpResponse, Problem> {
    Parameters::read(&request, &[])?.finish()?;
    let (reason, detail) = checked(&body)?;
    let id = review_id(&request)?;
    let asked = Asked {
        review: &id,
        body: &body,
    };
    let once = once::once(&request, &accounts, &member.id, "POST reports", &asked)?;
    let of = Arc::clone(&accounts);
    let made = once::make_own(&accounts, once, member.id, move |db, user, now| {
        let why = (reason, detail.as_ref());
        let counted = match service::report(db, &of, user, &id, why, now)? {
            Ok(counted) => counted,
            Err(error) => return Ok(Err(error)),
        };
        let taken = ReportAnswer {
            review_id: id.clone(),
            reason: reason.into(),
            counted,
        };
        once::given(StatusCode::CREATED, &taken).map(Ok)
    });
    Ok(sent(made.await??))
}

fn checked(body: &ReportBody) -> Result<(ReportReason, Option<ReportDetail>), Problem> {
    let mut checks = Checks::default();
    let all = ReportReason::ALL.iter().map(|one| one.as_str());
    let all: Vec<&str> = all.collect();
    let reason = word(&mut checks, "reason", &body.reason, &all);
    let detail = match body.detail.as_deref().map(str::parse) {
        None | Some(Err(TextError::Empty)) => None,
        Some(Ok(detail)) => Some(detail),
        Some(Err(error)) => {
            let message = match error {
                TextError::Long(_) => Message::TooLong(LONGEST),
                _ => Message::ControlCharacter,
            };
            checks.refuse("detail", message);
            None
        }
    };
    let reason = checks.finish_with(reason)?;
    Ok((reason, detail))
}
