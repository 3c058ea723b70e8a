//! `GET /me/reviews`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::review::Sort;

use super::{cursor, next};
use crate::accounts::Accounts;
use crate::catalogue::service::summary_of;
use crate::catalogue::{Catalogue, Given};
use crate::db::DbError;
use crate::http::caller::{Caller, SignedIn};
use crate::http::openapi::Problems;
use crate::http::parameters::Parameters;
use crate::http::problem::Problem;
use crate::marks::MarkBook;
use crate::reviews::answers::{MyReviewAnswer, MyReviewEntry, MyReviews};
use crate::reviews::store::pages;
use crate::reviews::{ReviewError, opened};
use crate::routes;

/// Lists what one wrote oneself, public and private, newest first.
///
/// `state` says whether reports or an admin hide a public one from others.
#[utoipa::path(
    get,
    path = routes::MY_REVIEWS,
    operation_id = "listMyReviews",
    tag = "mine",
    params(
        ("cursor" = Option<String>, Query, max_length = 200, description = "`nextCursor` of the page before."),
        ("pageSize" = Option<usize>, Query, minimum = 1, maximum = 100, description = "20 unless told."),
    ),
    responses((status = 200, description = "A page.", body = MyReviews), Problems),
)]
pub(crate) async fn list_my_reviews(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    catalogue: web::Data<Catalogue>,
    marks: web::Data<MarkBook>,
    SignedIn(member): SignedIn,
) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::read(&request, &["cursor", "pageSize"])?;
    let after = cursor(&mut parameters, Sort::Newest);
    let size = parameters.number("pageSize", 20, 100);
    parameters.finish()?;
    let most = i64::try_from(size + 1).unwrap_or(i64::MAX);
    let read = marks.read(&member.id, move |db, user| {
        pages::own(db, user, after.as_ref(), most)
    });
    let mut found = read.await?;
    let next_cursor = next(&mut found, size, |review| review);
    let view = catalogue.view()?;
    let items = found.into_iter().map(|review| {
        let text = opened(&accounts.keys.sealer, &review)?;
        Ok(MyReviewEntry {
            medicine: summary_of(&view, review.medicine),
            review: MyReviewAnswer::new(review, text),
        })
    });
    let items = items.collect::<Result<_, DbError>>();
    let answer = MyReviews {
        items: items.map_err(ReviewError::from)?,
        next_cursor,
    };
    let given = Given::of(view, &answer)?;
    marks
        .respond(&request, &Caller::Member(member), &given)
        .await
}
