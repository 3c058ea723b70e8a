//! `POST /users` and `GET /users/availability`

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use domain::account::{ConsentAnswer, EmailAddress, LoginId, Nickname, Password};
use zeroize::Zeroizing;

use super::{Checks, answer, idempotency_key};
use crate::accounts::answers::{AvailabilityAnswer, ConsentBody, NewMemberAnswer, SignUpBody};
use crate::accounts::service::social::NewSocialMember;
use crate::accounts::service::{NewMember, Who};
use crate::accounts::social::SocialRule;
use crate::accounts::{AccountError, Accounts, Rule};
use crate::http::json::Json;
use crate::http::openapi::{Conflict, WriteProblems};
use crate::http::parameters::Parameters;
use crate::http::problem::Problem;
use crate::http::problem_texts::Message;
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
    let id = if body.sign_up_token.is_some() {
        accounts
            .social_sign_up_once(key.as_deref(), checked_social(body)?)
            .await?
    } else {
        accounts
            .sign_up_once(key.as_deref(), checked(body)?)
            .await?
    };
    let id = id.as_str().to_owned();
    let mut response = answer(StatusCode::CREATED, &NewMemberAnswer { id })?;
    let location = HeaderValue::from_static(routes::ME);
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}

/// What a body has to hold that comes without a `signUpToken`.
fn local(body: &mut SignUpBody) -> Result<(Zeroizing<String>, String, String), Problem> {
    let login_id = body.login_id.take();
    let password = body.password.take().map(Zeroizing::new);
    let token = body.verification_token.take();
    match (password, login_id, token) {
        (Some(password), Some(login_id), Some(token)) => Ok((password, login_id, token)),
        (password, login_id, token) => {
            let missing = [
                ("loginId", login_id.is_none()),
                ("password", password.is_none()),
                ("verificationToken", token.is_none()),
            ];
            let missing = missing.into_iter().filter(|(_, missing)| *missing);
            Err(
                missing.fold(Problem::invalid(Vec::new()), |problem, (field, _)| {
                    problem.with_error(field, Message::Required)
                }),
            )
        }
    }
}

fn checked(mut body: SignUpBody) -> Result<NewMember, Problem> {
    let (password, login_id, token) = local(&mut body)?;
    let mut checks = Checks::default();
    let login_id = checks.parse("loginId", &login_id, |_| Rule::LoginId);
    let password = checks.keep("password", Password::new(&password).map_err(Rule::Password));
    let nickname = checks.parse("nickname", &body.nickname, Rule::Nickname);
    let email = checked_email(&mut checks, body.email.as_deref());
    let consents = checked_consents(&mut checks, &body.consents);
    let verification_token = Zeroizing::new(token);
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

fn checked_social(body: SignUpBody) -> Result<NewSocialMember, Problem> {
    let mut checks = Checks::default();
    // A password that nobody keeps would look like one that works.
    let given = [
        ("loginId", body.login_id.is_some()),
        ("password", body.password.is_some()),
    ];
    for (field, _) in given.into_iter().filter(|(_, given)| *given) {
        checks.keep::<()>(field, Err(Rule::Social(SocialRule::NotHere)));
    }
    drop(body.password.map(Zeroizing::new));
    let nickname = checks.parse("nickname", &body.nickname, Rule::Nickname);
    let email = checked_email(&mut checks, body.email.as_deref());
    let consents = checked_consents(&mut checks, &body.consents);
    let token = body.sign_up_token.map(Zeroizing::new);
    let verification_token = body.verification_token.map(Zeroizing::new);
    let member = || {
        Some(NewSocialMember {
            token: token?,
            nickname: nickname?,
            email: email?,
            verification_token,
            consents: consents?,
        })
    };
    let member = member();
    checks.finish(member)
}

fn checked_email(checks: &mut Checks, email: Option<&str>) -> Option<Option<EmailAddress>> {
    match email {
        None => Some(None),
        Some(text) => checks.parse("email", text, |_| Rule::Email).map(Some),
    }
}

fn checked_consents(checks: &mut Checks, said: &[ConsentBody]) -> Option<Vec<ConsentAnswer>> {
    if said.len() > MOST_CONSENTS {
        return checks.keep("consents", Err(Rule::TooManyConsents));
    }
    // All of them, so that all that is wrong is told.
    let answers: Vec<_> = said
        .iter()
        .map(|one| checks.consent("consents", (one.kind, one.agreed, one.version.as_deref())))
        .collect();
    answers.into_iter().collect()
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
