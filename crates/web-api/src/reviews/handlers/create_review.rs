//! `POST /medicines/{id}/reviews`

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use domain::catalogue::MedicineId;
use domain::review::Visibility;
use serde::Serialize;

use super::{acknowledged, rating, text, visibility};
use crate::accounts::Accounts;
use crate::catalogue::{Catalogue, CatalogueError};
use crate::db::to_stored;
use crate::http::caller::SignedIn;
use crate::http::checks::Checks;
use crate::http::json::Json;
use crate::http::once::{self, sent};
use crate::http::openapi::{Conflict, NotFound, WriteProblems};
use crate::http::parameters::{Parameters, path_id};
use crate::http::problem::Problem;
use crate::reviews::answers::{ReviewBody, ReviewMade};
use crate::reviews::service::{self, Draft};
use crate::routes;

/// What tells a call from others.
#[derive(Serialize)]
struct Asked<'a> {
    medicine: String,
    body: &'a ReviewBody,
}

/// Reviews a medicine, once: 409 `review_exists` for the second time.
///
/// `private` is stored for its author alone. `public` needs the version of the notice
/// (`GET /reviews/notice`) that its author was shown. Either needs the consent `sensitive`: else 403
/// `consent_required`; it goes with the consent.
#[utoipa::path(
    post,
    path = routes::MEDICINE_REVIEWS,
    operation_id = "createReview",
    tag = "reviews",
    params(
        ("id" = String, Path, pattern = "^[1-9][0-9]{0,17}$", example = "195500005", description = "품목기준코드"),
        ("Idempotency-Key" = Option<String>, Header, max_length = 100, description = "The same key makes one review, for 24 hours."),
    ),
    request_body = ReviewBody,
    responses((status = 201, description = "It is stored.", body = ReviewMade), NotFound, Conflict, WriteProblems),
)]
pub(crate) async fn create_review(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    catalogue: web::Data<Catalogue>,
    SignedIn(member): SignedIn,
    Json(body): Json<ReviewBody>,
) -> Result<HttpResponse, Problem> {
    Parameters::read(&request, &[])?.finish()?;
    let medicine: MedicineId = path_id(&request)?;
    let draft = checked(&body, accounts.clock.now())?;
    if catalogue.view()?.snapshot.position(medicine).is_none() {
        return Err(CatalogueError::UnknownMedicine(medicine).into());
    }
    let asked = Asked {
        medicine: medicine.to_string(),
        body: &body,
    };
    let once = once::once(&request, &accounts, &member.id, "POST reviews", &asked)?;
    let of = Arc::clone(&accounts);
    let made = once::make_own(&accounts, once, member.id, move |db, author, now| {
        let id = match service::write(db, &of, author, medicine, &draft, now)? {
            Ok(id) => id,
            Err(error) => return Ok(Err(error)),
        };
        let made = ReviewMade {
            id,
            medicine_id: medicine.to_string(),
            visibility: draft.publication.visibility().into(),
            // As it is read later: whole microseconds.
            created_at: to_stored(now).and_utc(),
        };
        once::given(StatusCode::CREATED, &made).map(Ok)
    });
    Ok(sent(made.await??))
}

/// The review, if it is one.
fn checked(body: &ReviewBody, now: DateTime<Utc>) -> Result<Draft, Problem> {
    let mut checks = Checks::default();
    let rating = rating(&mut checks, body.rating);
    let text = text(&mut checks, &body.text);
    let wanted = match &body.visibility {
        Some(word) => visibility(&mut checks, word),
        None => Some(Visibility::Private),
    };
    let checked = rating.zip(text).zip(wanted);
    let ((rating, text), wanted) = checks.finish_with(checked)?;
    let acknowledged = acknowledged(body.notice_version.as_deref());
    Ok(Draft {
        rating,
        text,
        publication: service::publication(wanted, acknowledged.as_ref(), now)?,
    })
}
