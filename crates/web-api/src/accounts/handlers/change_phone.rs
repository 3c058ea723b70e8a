//! `PUT /me/phone`

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use zeroize::Zeroizing;

use super::answer;
use crate::accounts::Accounts;
use crate::accounts::answers::MeAnswer;
use crate::accounts::recovery_answers::PhoneBody;
use crate::http::caller::SignedIn;
use crate::http::json::Json;
use crate::http::openapi::{Conflict, WriteProblems};
use crate::http::problem::Problem;
use crate::routes;

/// Changes one's phone number.
///
/// To one that was verified for it (`purpose: changePhone`) and is nobody else's, by who has proved himself
/// in this session within ten minutes (`POST /me/reauthentications`).
#[utoipa::path(
    put,
    path = routes::MY_PHONE,
    operation_id = "changePhone",
    tag = "accounts",
    request_body = PhoneBody,
    responses((status = 200, description = "The profile as it is now.", body = MeAnswer), Conflict, WriteProblems),
)]
pub(crate) async fn change_phone(
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
    Json(body): Json<PhoneBody>,
) -> Result<HttpResponse, Problem> {
    let token = Zeroizing::new(body.verification_token);
    let (id, session) = (member.id.clone(), member.session.clone());
    accounts.change_phone(id, session, &token).await?;
    let profile = accounts.profile(member.id.clone()).await?;
    answer(StatusCode::OK, &MeAnswer::from(profile))
}
