//! `POST /users` and `GET /users/availability`

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use domain::account::{EmailAddress, LoginId, Nickname, Password};
use zeroize::Zeroizing;

use super::{Checks, answer, idempotency_key};
use crate::accounts::answers::{AvailabilityAnswer, NewMemberAnswer, SignUpBody};
use crate::accounts::service::{NewMember, Who};
use crate::accounts::{AccountError, Accounts, Rule};
use crate::http::json::Json;
use crate::http::openapi::{Conflict, WriteProblems};
use crate::http::parameters::Parameters;
use crate::http::problem::Problem;
use crate::routes;

/// Consents of a body, at most: each kind once.
const MOST_CONSENTS: usize = 5;

/// Signs up.
///
/// What is taken is told by 409 with the field's name. With an `Idempotency-Key` the same request once
/// more, within 24 hours, gets the same answer; another body under the same key and token is 422.
#[utoipa::path(
    post,
    path = routes::USERS,
    operation_id = "signUp",
    tag = "accounts",
    params(("Idempotency-Key" = Option<String>, Header, description = "Chosen by the client for this sign-up, for example a UUID: 1 to 100 visible ASCII characters.", max_length = 100)),
    request_body = SignUpBody,
    responses((status = 201, description = "The account is there; sign in next.", body = NewMemberAnswer), Conflict, WriteProblems),
)]
pub(crate) async fn sign_up(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    Json(body): Json<SignUpBody>,
) -> Result<HttpResponse, Problem> {
    let key = idempotency_key(&request)?;
    let id = accounts
        .sign_up_once(key.as_deref(), checked(body)?)
        .await?;
    let id = id.as_str().to_owned();
    let mut response = answer(StatusCode::CREATED, &NewMemberAnswer { id })?;
    let location = HeaderValue::from_static(routes::ME);
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}

fn checked(body: SignUpBody) -> Result<NewMember, Problem> {
    let mut checks = Checks::default();
    let password = Zeroizing::new(body.password);
    let login_id = checks.parse("loginId", &body.login_id, |_| Rule::LoginId);
    let password = checks.keep("password", Password::new(&password).map_err(Rule::Password));
    let nickname = checks.parse("nickname", &body.nickname, Rule::Nickname);
    let email: Option<Option<EmailAddress>> = match &body.email {
        None => Some(None),
        Some(text) => checks.parse("email", text, |_| Rule::Email).map(Some),
    };
    let mut consents = Vec::new();
    if body.consents.len() > MOST_CONSENTS {
        consents.push(checks.keep("consents", Err(Rule::TooManyConsents)));
    } else {
        for one in &body.consents {
            let said = (one.kind, one.agreed, one.version.as_deref());
            consents.push(checks.consent("consents", said));
        }
    }
    let consents: Option<Vec<_>> = consents.into_iter().collect();
    let verification_token = Zeroizing::new(body.verification_token);
    let member = || {
        Some(NewMember {
            login_id: login_id?,
            password: password?,
            nickname: nickname?,
            email: email?,
            verification_token,
            consents: consents?,
        })
    };
    let member = member();
    checks.finish(member)
}

/// Tells whether a login id or a nickname is to be had.
#[utoipa::path(
    get,
    path = routes::AVAILABILITY,
    operation_id = "checkAvailability",
    tag = "accounts",
    params(
        ("loginId" = Option<String>, Query, description = "Either this …", example = "haneul7"),
        ("nickname" = Option<String>, Query, description = "… or this."),
    ),
    responses((status = 200, description = "Whether it is.", body = AvailabilityAnswer), WriteProblems),
)]
pub(crate) async fn availability(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
) -> Result<HttpResponse, Problem> {
    let parameters = Parameters::read(&request, &["loginId", "nickname"])?;
    let login_id = parameters.text("loginId").map(str::to_owned);
    let nickname = parameters.text("nickname").map(str::to_owned);
    parameters.finish()?;
    let mut checks = Checks::default();
    let who = match (login_id, nickname) {
        (Some(text), None) => checks
            .parse::<LoginId>("loginId", &text, |_| Rule::LoginId)
            .map(Who::LoginId),
        (None, Some(text)) => checks
            .parse::<Nickname>("nickname", &text, Rule::Nickname)
            .map(Who::Nickname),
        _ => return Err(AccountError::invalid("loginId", Rule::OneOfTwo).into()),
    };
    let who = checks.finish(who)?;
    let available = accounts.available(who).await?;
    answer(StatusCode::OK, &AvailabilityAnswer { available })
}
