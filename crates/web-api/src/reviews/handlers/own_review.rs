//! `PATCH` and `DELETE /reviews/{id}`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use service_kit::problem::ProblemKind;

use super::{acknowledged, rating, review_id, text, visibility};
use crate::accounts::Accounts;
use crate::accounts::handlers::{answer, done};
use crate::http::caller::SignedIn;
use crate::http::checks::Checks;
use crate::http::json::Json;
use crate::http::openapi::{NotFound, WriteProblems};
use crate::http::parameters::Parameters;
use crate::http::problem::Problem;
use crate::http::problem_texts::Narrow;
use crate::reviews::answers::{ChangeBody, MyReviewAnswer};
use crate::reviews::service::{self, Change};
use crate::routes;

/// Changes one's own review; what is left out stays.
///
/// Where a private one becomes public, or a public one says something else under a notice that isn't in force
/// any more, `noticeVersion` has to be that of the notice in force. What is hidden stays hidden. Who is suspended may make
/// his private and nothing else. Others' are 403 `not_own_review`, or 404 where they can't be seen.
#[utoipa::path(
    patch,
    path = routes::REVIEW,
    operation_id = "changeReview",
    tag = "reviews",
    params(("id" = String, Path, description = "Its id.", max_length = 36)),
    request_body = ChangeBody,
    responses((status = 200, description = "As it is now.", body = MyReviewAnswer), NotFound, WriteProblems),
)]
pub(crate) async fn change_review(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
    Json(body): Json<ChangeBody>,
) -> Result<HttpResponse, Problem> {
    Parameters::read(&request, &[])?.finish()?;
    let change = checked(&body)?;
    if member.suspended && !change.only_hides() {
        let suspended = Narrow::AccountSuspended;
        return Err(Problem::narrow(ProblemKind::Forbidden, suspended));
    }
    let id = review_id(&request)?;
    let changed = service::change(accounts.into_inner(), member.id, id, change);
    let (review, text) = changed.await?;
    answer(StatusCode::OK, &MyReviewAnswer::new(review, text))
}

fn checked(body: &ChangeBody) -> Result<Change, Problem> {
    let mut checks = Checks::default();
    let rating = body.rating.and_then(|given| rating(&mut checks, given));
    let given = body.text.as_deref();
    let text = given.and_then(|given| text(&mut checks, given));
    let given = body.visibility.as_deref();
    let visibility = given.and_then(|given| visibility(&mut checks, given));
    checks.finish()?;
    Ok(Change {
        rating,
        text,
        visibility,
        acknowledged: acknowledged(body.notice_version.as_deref()),
    })
}

/// Deletes one's own review, with what readers said of it.
#[utoipa::path(
    delete,
    path = routes::REVIEW,
    operation_id = "deleteReview",
    tag = "reviews",
    params(("id" = String, Path, description = "Its id.", max_length = 36)),
    responses((status = 204, description = "It is gone."), NotFound, WriteProblems),
)]
pub(crate) async fn delete_review(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
) -> Result<HttpResponse, Problem> {
    Parameters::read(&request, &[])?.finish()?;
    service::delete(&accounts, member.id, review_id(&request)?).await?;
    Ok(done())
}
