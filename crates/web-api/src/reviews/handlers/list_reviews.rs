//! `GET /medicines/{id}/reviews`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::catalogue::MedicineId;
use domain::review::{Keyword, Sort};
use domain::token::UserId;

use super::cursor;
use crate::accounts::Accounts;
use crate::accounts::store::users;
use crate::catalogue::{Catalogue, CatalogueError};
use crate::db::{Db, DbError};
use crate::http::cacheable::{self, Freshness};
use crate::http::caller::Caller;
use crate::http::openapi::{NotFound, Problems};
use crate::http::parameters::{Parameters, path_id};
use crate::http::problem::Problem;
use crate::http::problem_texts::Message;
use crate::reviews::ReviewError;
use crate::reviews::answers::{Reader, ReviewAnswer, ReviewsAnswer};
use crate::reviews::seal::public;
use crate::reviews::store::counts::{self, Counts};
use crate::reviews::store::pages::{self, Page, Wanted};
use crate::reviews::store::reactions;
use crate::routes;

const SORTS: [&str; 2] = ["newest", "helpful"];
/// Characters of what is looked for, at most.
const LONGEST_QUERY: usize = 100;

/// Lists the public reviews of a medicine.
///
/// Reviews are what people felt, not medical advice. Those that were reported often are hidden until an
/// admin decides. Nothing comes twice or is skipped while others write: `nextCursor` continues behind
/// the last review; a page may be short where some went while it was read. In the order `helpful`, one that readers react to meanwhile moves, and may come twice
/// or not at all. `total`, `averageRating` and `ratings` are of all public reviews of the medicine.
#[utoipa::path(
    get,
    path = routes::MEDICINE_REVIEWS,
    operation_id = "listReviews",
    tag = "reviews",
    params(
        ("id" = String, Path, pattern = "^[1-9][0-9]{0,17}$", example = "195500005", description = "품목기준코드"),
        ("sort" = Option<String>, Query, description = "`newest` (default) or `helpful`: what helped the most first, then the newest."),
        ("query" = Option<String>, Query, max_length = 100, description = "Only reviews that hold this, in either case. A thousand are looked through at a time: a page may be short, or empty, while there is a `nextCursor`."),
        ("cursor" = Option<String>, Query, max_length = 200, description = "`nextCursor` of the page before, in the same order."),
        ("pageSize" = Option<usize>, Query, minimum = 1, maximum = 100, description = "20 unless told."),
    ),
    responses((status = 200, description = "A page.", body = ReviewsAnswer), NotFound, Problems),
)]
pub(crate) async fn list_reviews(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    catalogue: web::Data<Catalogue>,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::read(&request, &["sort", "query", "cursor", "pageSize"])?;
    let sort = parameters.choice("sort", &SORTS, &[Sort::Newest, Sort::Helpful]);
    let sort = sort.unwrap_or(Sort::Newest);
    let keyword = keyword(&mut parameters);
    let after = cursor(&mut parameters, sort);
    let size = parameters.number("pageSize", 20, 100);
    parameters.finish()?;
    let medicine: MedicineId = path_id(&request)?;
    if catalogue.view()?.snapshot.position(medicine).is_none() {
        return Err(CatalogueError::UnknownMedicine(medicine).into());
    }
    let wanted = Wanted {
        medicine,
        sort,
        keyword,
        after,
        most: i64::try_from(size).unwrap_or(i64::MAX),
    };
    let reader = caller.member().map(|member| member.id.clone());
    let read = accounts
        .pool
        .run(move |db| read(db, &wanted, reader.as_ref()));
    let (page, totals, reader) = read.await.map_err(ReviewError::from)?;
    let items = page.items.into_iter().map(|shown| {
        let text = public(&shown.review)?;
        Ok(ReviewAnswer::new(shown, text, reader.as_ref()))
    });
    let items = items.collect::<Result<_, DbError>>();
    let answer = ReviewsAnswer {
        items: items.map_err(ReviewError::from)?,
        next_cursor: page.next.map(|cursor| cursor.to_string()),
        totals: totals.into(),
    };
    cacheable::json(&request, Freshness::Retractable, &answer)
}

fn keyword(parameters: &mut Parameters) -> Option<Keyword> {
    let text = parameters.plain_text("query", LONGEST_QUERY)?;
    // What is wrong with it was noted, but for what only the domain counts as a control character.
    Keyword::parse(&text).unwrap_or_else(|_| {
        if text.chars().nth(LONGEST_QUERY).is_none() && !text.chars().any(char::is_control) {
            parameters.refuse("query", Message::ControlCharacter);
        }
        None
    })
}

/// A page, the counts, and who reads.
fn read(
    db: &mut Db,
    wanted: &Wanted,
    reader: Option<&UserId>,
) -> Result<(Page, Counts, Option<Reader>), DbError> {
    let page = pages::shown(db, wanted)?;
    let totals = counts::of(db, wanted.medicine)?;
    let Some(id) = reader else {
        return Ok((page, totals, None));
    };
    let reader = match users::by_id(db, id)? {
        Some(user) => {
            let keys: Vec<i64> = page.items.iter().map(|shown| shown.review.key).collect();
            let reactions = reactions::of_member(db, user.key, &keys)?;
            Some(Reader {
                key: user.key,
                reactions,
            })
        }
        None => None,
    };
    Ok((page, totals, reader))
}
