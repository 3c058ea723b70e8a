//! `GET /admin/users`, `PUT /admin/users/{id}/role`, `PUT` and `DELETE /admin/users/{id}/suspension`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, TimeDelta, Utc};
use domain::clock::later;
use domain::token::UserId;

use super::{Checks, answer, done};
use crate::accounts::staff_answers::{PeopleAnswer, PersonAnswer, RoleBody, SuspensionBody};
use crate::accounts::{AccountError, Accounts, Rule, Whom};
use crate::http::caller::Admin;
use crate::http::json::Json;
use crate::http::openapi::{Conflict, NotFound, WriteProblems};
use crate::http::parameters::Parameters;
use crate::http::problem::Problem;
use crate::http::problem_texts::Message;
use crate::routes;

/// By what a member is found.
const BY: [&str; 3] = ["loginId", "id", "nickname"];
/// Characters of a reason, at most.
pub(crate) const LONGEST_REASON: usize = 200;
/// How far ahead a suspension may end.
const LONGEST: TimeDelta = TimeDelta::days(3_653);

/// Looks a member up, by one of these, as a whole: nothing is searched for.
///
/// Who signs in by another service only has no login id. Every look is written down.
#[utoipa::path(
    get,
    path = routes::ADMIN_USERS,
    operation_id = "findUsers",
    tag = "admin",
    params(
        ("loginId" = Option<String>, Query, description = "The whole login id.", max_length = 64),
        ("id" = Option<String>, Query, description = "The member's id.", max_length = 64),
        ("nickname" = Option<String>, Query, description = "The whole nickname.", max_length = 64),
    ),
    responses((status = 200, description = "None or one.", body = PeopleAnswer), WriteProblems),
)]
pub(crate) async fn find_users(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    Admin(admin): Admin,
) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::read(&request, &BY)?;
    let given = BY.map(|name| parameters.text(name).map(str::to_owned));
    if given.iter().all(Option::is_none) {
        parameters.refuse("loginId", Message::Required);
    }
    parameters.finish()?;
    let mut checks = Checks::default();
    let whom = match given {
        [Some(text), None, None] => checks
            .parse("loginId", &text, |_| Rule::LoginId)
            .map(Whom::LoginId),
        [None, Some(text), None] => {
            let id: Option<UserId> = text.parse().ok();
            let Some(id) = id else {
                return answer(StatusCode::OK, &PeopleAnswer { items: Vec::new() });
            };
            Some(Whom::Id(id))
        }
        [None, None, Some(text)] => checks
            .parse("nickname", &text, Rule::Nickname)
            .map(Whom::Nickname),
        _ => return Err(AccountError::invalid("loginId", Rule::OneOfTwo).into()),
    };
    let whom = checks.finish(whom)?;
    let found = accounts.find_member(Some(admin.id), whom).await?;
    let items = found.into_iter().map(PersonAnswer::from).collect();
    answer(StatusCode::OK, &PeopleAnswer { items })
}

fn target(id: &web::Path<String>) -> Result<UserId, AccountError> {
    id.parse().map_err(|_| AccountError::UnknownUser)
}

/// Gives a member another role.
///
/// He is signed out everywhere. Admins and counsellors then sign in with a second factor.
#[utoipa::path(
    put,
    path = routes::ADMIN_USER_ROLE,
    operation_id = "changeRole",
    tag = "admin",
    params(("id" = String, Path, description = "The member's id.", max_length = 64)),
    request_body = RoleBody,
    responses((status = 200, description = "The member as he is now.", body = PersonAnswer), NotFound, Conflict, WriteProblems),
)]
pub(crate) async fn change_role(
    accounts: web::Data<Accounts>,
    Admin(admin): Admin,
    id: web::Path<String>,
    Json(body): Json<RoleBody>,
) -> Result<HttpResponse, Problem> {
    let target = target(&id)?;
    let mut checks = Checks::default();
    let role = checks.parse("role", &body.role, |_| Rule::Role);
    let role = checks.finish(role)?;
    let person = accounts.set_role(Some(admin.id), target, role).await?;
    answer(StatusCode::OK, &PersonAnswer::from(person))
}

/// Shuts a member out.
///
/// At once here, within seconds everywhere. What is his by law he may still do: he can sign in, to a
/// session that is good for nothing else.
#[utoipa::path(
    put,
    path = routes::ADMIN_USER_SUSPENSION,
    operation_id = "suspendUser",
    tag = "admin",
    params(("id" = String, Path, description = "The member's id.", max_length = 64)),
    request_body = SuspensionBody,
    responses((status = 200, description = "The member as he is now.", body = PersonAnswer), NotFound, Conflict, WriteProblems),
)]
pub(crate) async fn suspend(
    accounts: web::Data<Accounts>,
    Admin(admin): Admin,
    id: web::Path<String>,
    Json(body): Json<SuspensionBody>,
) -> Result<HttpResponse, Problem> {
    let target = target(&id)?;
    let mut checks = Checks::default();
    let reason = checks.keep("reason", reason(&body.reason));
    let until = until(body.until.as_deref(), accounts.clock.now());
    let until = checks.keep("until", until);
    let (reason, until) = checks.finish(reason.zip(until))?;
    let person = accounts
        .suspend(Some(admin.id), target, reason, until)
        .await?;
    answer(StatusCode::OK, &PersonAnswer::from(person))
}

/// Lets a member in again.
#[utoipa::path(
    delete,
    path = routes::ADMIN_USER_SUSPENSION,
    operation_id = "unsuspendUser",
    tag = "admin",
    params(("id" = String, Path, description = "The member's id.", max_length = 64)),
    responses((status = 204, description = "He may sign in."), NotFound, WriteProblems),
)]
pub(crate) async fn unsuspend(
    accounts: web::Data<Accounts>,
    Admin(admin): Admin,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let target = target(&id)?;
    accounts.unsuspend(Some(admin.id), target).await?;
    Ok(done())
}

/// A reason that can be stored and shown.
pub(crate) fn reason(text: &str) -> Result<String, Rule> {
    let text = text.trim();
    let length = text.chars().take(LONGEST_REASON + 1).count();
    let fits = (1..=LONGEST_REASON).contains(&length) && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned()).ok_or(Rule::Reason)
}

/// A moment ahead, if there is one.
pub(crate) fn until(text: Option<&str>, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Rule> {
    let Some(text) = text else {
        return Ok(None);
    };
    let at = DateTime::parse_from_rfc3339(text).map_err(|_| Rule::Until)?;
    let at = at.with_timezone(&Utc);
    let ahead = now < at && at < later(now, LONGEST);
    ahead.then_some(Some(at)).ok_or(Rule::Until)
}
