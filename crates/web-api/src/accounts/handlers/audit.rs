//! `GET /admin/audit`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::token::UserId;

use super::answer;
use crate::accounts::Accounts;
use crate::accounts::audit_answers::{AuditLine, AuditPage};
use crate::accounts::store::audit::Action;
use crate::accounts::store::audit_pages::Filter;
use crate::http::caller::Admin;
use crate::http::openapi::WriteProblems;
use crate::http::parameters::Parameters;
use crate::http::problem::Problem;
use crate::http::problem_texts::{Message, Shape};
use crate::routes;

/// Characters of a member's id, a UUID.
const LONGEST_ID: usize = 36;

const KNOWN: [&str; 5] = ["action", "subject", "actor", "cursor", "pageSize"];

/// Reads what was done to accounts and by admins, newest first.
///
/// Reading it is written down as well.
#[utoipa::path(
    get,
    path = routes::ADMIN_AUDIT,
    operation_id = "listAudit",
    tag = "admin",
    params(
        ("action" = Option<String>, Query, description = "Only what was done of this name.", max_length = 40),
        ("subject" = Option<String>, Query, description = "Only what was done to the member of this id.", max_length = 36),
        ("actor" = Option<String>, Query, description = "Only what the member of this id did.", max_length = 36),
        ("cursor" = Option<String>, Query, description = "`nextCursor` of the page before.", max_length = 64),
        ("pageSize" = Option<usize>, Query, minimum = 1, maximum = 100, description = "20 unless told."),
    ),
    responses((status = 200, description = "A page.", body = AuditPage), WriteProblems),
)]
pub(crate) async fn list_audit(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    Admin(admin): Admin,
) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::read(&request, &KNOWN)?;
    let size = parameters.number("pageSize", 20, 100);
    let action = action(&mut parameters);
    let subject = member(&mut parameters, "subject");
    let actor = member(&mut parameters, "actor");
    let before = cursor(&mut parameters);
    parameters.finish()?;
    let filter = Filter {
        action,
        subject,
        actor,
        before,
    };
    let (lines, more) = accounts.audit(admin.id, filter, size).await?;
    let last = lines.last().map(|(line, _)| line.id.to_string());
    let items = lines.into_iter();
    let page = AuditPage {
        items: items
            .map(|(line, from)| AuditLine::new(line, from))
            .collect(),
        next_cursor: last.filter(|_| more),
    };
    answer(StatusCode::OK, &page)
}

fn action(parameters: &mut Parameters) -> Option<&'static str> {
    let text = parameters.text("action")?;
    let found = Action::ALL.iter().map(|action| action.as_str());
    let found = found.into_iter().find(|name| *name == text);
    if found.is_none() {
        let names = Action::ALL.iter().map(|action| action.as_str().to_owned());
        parameters.refuse("action", Message::Words(names.collect()));
    }
    found
}

/// The id is noted as well, so it has to fit into its column, as that of every member does.
fn member(parameters: &mut Parameters, name: &str) -> Option<UserId> {
    let id: Option<UserId> = parameters.text(name)?.parse().ok();
    let id = id.filter(|id| id.as_str().len() <= LONGEST_ID);
    if id.is_none() {
        parameters.refuse(name, Message::Shape(Shape::Other));
    }
    id
}

/// The number of a line. Whoever makes one up sees what he would see anyway.
fn cursor(parameters: &mut Parameters) -> Option<i64> {
    let id = parameters.text("cursor")?.parse().ok();
    if id.is_none() {
        parameters.refuse("cursor", Message::Id);
    }
    id
}
