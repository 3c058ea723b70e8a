//! `DELETE /me` and `GET /erasure-receipts/{id}`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::account::PasswordAttempt;
use service_kit::problem::ProblemKind;
use zeroize::Zeroizing;

use super::{address, answer, transport};
use crate::accounts::Accounts;
use crate::accounts::personal_answers::{ReceiptAnswer, WithdrawalBody};
use crate::accounts::service::Proof;
use crate::http::caller::SignedIn;
use crate::http::json::Json;
use crate::http::openapi::{Conflict, NotFound, WriteProblems};
use crate::http::problem::Problem;
use crate::routes;

/// Withdraws (탈퇴).
///
/// Everything that is stored of the member is erased at once and for good; what remains are records of
/// actions under an id that nobody can tell anything from. The receipt can be read without an account.
/// The last admin is refused (`last_admin`).
#[utoipa::path(
    delete,
    path = routes::ME,
    operation_id = "withdraw",
    tag = "accounts",
    request_body = WithdrawalBody,
    responses((status = 200, description = "Erased.", body = ReceiptAnswer), Conflict, WriteProblems),
)]
pub(crate) async fn withdraw(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
    Json(body): Json<WithdrawalBody>,
) -> Result<HttpResponse, Problem> {
    let password = body.password.map(Zeroizing::new);
    let proof = password.map_or(Proof::Session, |password| {
        Proof::Password(PasswordAttempt::new(&password))
    });
    let (user, session) = (member.id.clone(), member.session.clone());
    let receipt = accounts
        .withdraw(user, session, proof, address(&request))
        .await?;
    let receipt = answer(StatusCode::OK, &ReceiptAnswer::from(receipt))?;
    Ok(transport::without_token(receipt))
}

/// Shows the receipt of a withdrawal.
#[utoipa::path(
    get,
    path = routes::ERASURE_RECEIPT,
    operation_id = "showErasureReceipt",
    tag = "accounts",
    params(("id" = String, Path, description = "As the withdrawal gave it.", max_length = 32)),
    responses((status = 200, description = "How far the erasure is.", body = ReceiptAnswer), NotFound, WriteProblems),
)]
pub(crate) async fn show_receipt(
    accounts: web::Data<Accounts>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let receipt = accounts.erasure_receipt(id.into_inner()).await?;
    let receipt = receipt.ok_or_else(|| Problem::new(ProblemKind::NotFound))?;
    answer(StatusCode::OK, &ReceiptAnswer::from(receipt))
}
