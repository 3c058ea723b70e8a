//! `GET /admin/reviews` and `PUT /admin/reviews/{id}/decision`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use domain::review::{Cursor, Decision, ModerationState, Sort};
use domain::token::UserId;

use super::{cursor, next, review_id, word};
use crate::accounts::Accounts;
use crate::accounts::handlers::{answer, done};
use crate::accounts::store::audit::{self, Action, Line};
use crate::db::{Db, DbError};
use crate::http::caller::Admin;
use crate::http::checks::Checks;
use crate::http::json::Json;
use crate::http::openapi::{NotFound, WriteProblems};
use crate::http::parameters::Parameters;
use crate::http::problem::Problem;
use crate::reviews::report_answers::{AdminReview, AdminReviews, DecisionBody};
use crate::reviews::seal::public;
use crate::reviews::store::pages::{self, Shown, Standing};
use crate::reviews::store::reports::{self, Report};
use crate::reviews::{ReviewError, service};
use crate::routes;

const STANDINGS: [&str; 3] = ["open", "reported", "hidden"];
/// Reports of a page that are shown, at most.
const MOST_REPORTS: i64 = 2_000;

/// Lists public reviews that readers reported or an admin hid, newest first.
///
/// Whose reviews were read is written down.
#[utoipa::path(
    get,
    path = routes::ADMIN_REVIEWS,
    operation_id = "adminListReviews",
    tag = "admin",
    params(
        ("state" = Option<String>, Query, description = "`open` (default): with reports that nobody has decided on, or hidden by reports whose authors left; `reported`: hidden by these; `hidden`: hidden by an admin."),
        ("cursor" = Option<String>, Query, max_length = 200, description = "`nextCursor` of the page before."),
        ("pageSize" = Option<usize>, Query, minimum = 1, maximum = 100, description = "20 unless told."),
    ),
    responses((status = 200, description = "A page.", body = AdminReviews), WriteProblems),
)]
pub(crate) async fn list(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    Admin(admin): Admin,
) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::read(&request, &["state", "cursor", "pageSize"])?;
    let standings = [
        Standing::Open,
        Standing::In(ModerationState::Reported),
        Standing::In(ModerationState::Hidden),
    ];
    let standing = parameters.choice("state", &STANDINGS, &standings);
    let after = cursor(&mut parameters, Sort::Newest);
    let size = parameters.number("pageSize", 20, 100);
    parameters.finish()?;
    let look = Look {
        admin: admin.id,
        standing: standing.unwrap_or(Standing::Open),
        after,
        size,
        at: accounts.clock.now(),
    };
    let read = accounts.pool.run(move |db| db.write_tx(|db| look.read(db)));
    let mut looked = read.await.map_err(ReviewError::from)?;
    let items = looked.found.into_iter().map(|shown| {
        let text = public(&shown.review)?;
        let is_of_this = |report: &mut Report| report.review == shown.review.key;
        let of_this = looked.reports.extract_if(.., is_of_this).collect();
        Ok(AdminReview::new(shown, text, of_this))
    });
    let items = items.collect::<Result<_, DbError>>();
    let page = AdminReviews {
        items: items.map_err(ReviewError::from)?,
        next_cursor: looked.next_cursor,
    };
    answer(StatusCode::OK, &page)
}

/// What an admin looks at.
struct Look {
    admin: UserId,
    standing: Standing,
    after: Option<Cursor>,
    size: usize,
    at: DateTime<Utc>,
}

/// What he sees.
struct Looked {
    found: Vec<Shown>,
    reports: Vec<Report>,
    next_cursor: Option<String>,
}

impl Look {
    /// A page, and a line for each whose words are on it: authors, and those who reported.
    fn read(&self, db: &mut Db) -> Result<Looked, DbError> {
        let most = i64::try_from(self.size + 1).unwrap_or(i64::MAX);
        let mut found = pages::standing(db, self.standing, self.after.as_ref(), most)?;
        let next_cursor = next(&mut found, self.size, |shown| &shown.review);
        let keys: Vec<i64> = found.iter().map(|shown| shown.review.key).collect();
        let reports = reports::of_reviews(db, &keys, MOST_REPORTS)?;
        if found.is_empty() {
            audit::did(db, Action::ReviewRead, Some(&self.admin), "none", self.at)?;
        }
        let authors = found
            .iter()
            .map(|shown| (&shown.author_id, &shown.review.id));
        let reporters = reports
            .iter()
            .map(|report| (&report.reporter, &report.review_id));
        for (whose, review) in authors.chain(reporters) {
            let whose: UserId = whose.parse().map_err(DbError::data)?;
            let line = Line {
                action: Action::ReviewRead,
                actor: Some(&self.admin),
                subject: Some(&whose),
                session: None,
                detail: Some(review),
                at: self.at,
            };
            audit::add(db, &line)?;
        }
        Ok(Looked {
            found,
            reports,
            next_cursor,
        })
    }
}

/// Decides on a public review: `keep` shows it, `hide` hides it.
///
/// Either closes its reports: old ones don't hide again what was kept, new ones may.
#[utoipa::path(
    put,
    path = routes::ADMIN_REVIEW_DECISION,
    operation_id = "adminDecideReview",
    tag = "admin",
    params(("id" = String, Path, description = "The id of the review.", max_length = 36)),
    request_body = DecisionBody,
    responses((status = 204, description = "It is decided."), NotFound, WriteProblems),
)]
pub(crate) async fn decide(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    Admin(admin): Admin,
    Json(body): Json<DecisionBody>,
) -> Result<HttpResponse, Problem> {
    Parameters::read(&request, &[])?.finish()?;
    let mut checks = Checks::default();
    let decision: Option<Decision> =
        word(&mut checks, "decision", &body.decision, &["keep", "hide"]);
    let decision = checks.finish_with(decision)?;
    service::decide(&accounts, admin.id, review_id(&request)?, decision).await?;
    Ok(done())
}
