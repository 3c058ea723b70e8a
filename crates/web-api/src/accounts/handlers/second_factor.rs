//! `POST` and `DELETE /me/second-factor`, `POST /me/second-factor/confirmation`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::account::PasswordAttempt;
use zeroize::Zeroizing;

use super::{address, answer, done, transport};
use crate::accounts::Accounts;
use crate::accounts::service::Proof;
use crate::accounts::staff_answers::{
    FactorCodeBody, FactorRemovalBody, FactorSetupBody, ProposalAnswer, RecoveryCodesAnswer,
};
use crate::http::caller::SignedIn;
use crate::http::json::Json;
use crate::http::openapi::{Conflict, NotFound, WriteProblems};
use crate::http::problem::Problem;
use crate::routes;

fn proof(password: Option<String>) -> Proof {
    let password = password.map(Zeroizing::new);
    password.map_or(Proof::Session, |password| {
        Proof::Password(PasswordAttempt::new(&password))
    })
}

/// Begins to set up a second factor (admins and counsellors).
///
/// By the present password; by who has none, within ten minutes of signing in or of
/// `POST /me/reauthentications`. It counts once a code was entered; until then this may be called again,
/// for another secret.
#[utoipa::path(
    post,
    path = routes::MY_SECOND_FACTOR,
    operation_id = "proposeSecondFactor",
    tag = "accounts",
    request_body = FactorSetupBody,
    responses((status = 201, description = "A secret, shown once.", body = ProposalAnswer), Conflict, WriteProblems),
)]
pub(crate) async fn propose(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
    Json(body): Json<FactorSetupBody>,
) -> Result<HttpResponse, Problem> {
    let proof = proof(body.current_password);
    let proposal = accounts
        .propose_factor(member.id.clone(), &member.session, proof, address(&request))
        .await?;
    answer(StatusCode::CREATED, &ProposalAnswer::from(&proposal))
}

/// Takes the second factor into use, by a code of the app.
#[utoipa::path(
    post,
    path = routes::MY_SECOND_FACTOR_CONFIRMATION,
    operation_id = "confirmSecondFactor",
    tag = "accounts",
    request_body = FactorCodeBody,
    responses((status = 200, description = "It counts; the recovery codes, shown once.", body = RecoveryCodesAnswer), NotFound, WriteProblems),
)]
pub(crate) async fn confirm(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
    Json(body): Json<FactorCodeBody>,
) -> Result<HttpResponse, Problem> {
    let code = Zeroizing::new(body.code);
    let (user, session) = (member.id.clone(), member.session.clone());
    let codes = accounts
        .confirm_factor(user, session, &code, address(&request))
        .await?;
    answer(StatusCode::OK, &RecoveryCodesAnswer::new(&codes))
}

/// Removes the second factor, by the password and a code.
///
/// Who has no password proves himself as for setting one up. Every device is signed out, this one too.
#[utoipa::path(
    delete,
    path = routes::MY_SECOND_FACTOR,
    operation_id = "removeSecondFactor",
    tag = "accounts",
    request_body = FactorRemovalBody,
    responses((status = 204, description = "Removed."), NotFound, WriteProblems),
)]
pub(crate) async fn remove(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
    Json(body): Json<FactorRemovalBody>,
) -> Result<HttpResponse, Problem> {
    let (id, session) = (member.id.clone(), &member.session);
    let (proof, code) = (proof(body.current_password), Zeroizing::new(body.code));
    accounts
        .remove_factor(id, session, proof, &code, address(&request))
        .await?;
    Ok(transport::without_token(done()))
}
