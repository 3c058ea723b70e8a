//! `PUT /me/profile-image`

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::answer;
use crate::accounts::Accounts;
use crate::accounts::images::answers::{ImageAnswer, ImageBody};
use crate::http::caller::SignedIn;
use crate::http::json::Json;
use crate::http::openapi::{Gone, NotFound, NotReady, WriteProblems};
use crate::http::problem::Problem;
use crate::routes;

/// Makes an upload one's picture.
///
/// What others see is made anew: the middle of it as a JPEG of 512×512 without metadata. The same
/// upload again is the same picture.
#[utoipa::path(
    put,
    path = routes::MY_IMAGE,
    operation_id = "setProfileImage",
    tag = "accounts",
    request_body = ImageBody,
    responses((status = 200, description = "The picture.", body = ImageAnswer), NotFound, NotReady, Gone, WriteProblems),
)]
pub(crate) async fn set_profile_image(
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
    Json(body): Json<ImageBody>,
) -> Result<HttpResponse, Problem> {
    let url = accounts
        .accept_image(member.id.clone(), &body.upload_id)
        .await?;
    let profile_image_url = url;
    answer(StatusCode::OK, &ImageAnswer { profile_image_url })
}
