//! `POST /me/profile-image/uploads`

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::answer;
use crate::accounts::Accounts;
use crate::accounts::images::answers::{ImageUploadAnswer, ImageUploadBody};
use crate::http::caller::SignedIn;
use crate::http::json::Json;
use crate::http::openapi::WriteProblems;
use crate::http::problem::Problem;
use crate::routes;

/// Begins to upload a picture.
///
/// Send exactly `size` bytes with the method and the headers of the answer to its address within five
/// minutes, once; then name the upload in `PUT /me/profile-image` within a quarter of an hour.
#[utoipa::path(
    post,
    path = routes::MY_IMAGE_UPLOADS,
    operation_id = "beginImageUpload",
    tag = "accounts",
    request_body = ImageUploadBody,
    responses((status = 201, description = "Where to send it.", body = ImageUploadAnswer), WriteProblems),
)]
pub(crate) async fn begin_image_upload(
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
    Json(body): Json<ImageUploadBody>,
) -> Result<HttpResponse, Problem> {
    let permitted = accounts
        .permit_image(member.id.clone(), &body.content_type, body.size)
        .await?;
    answer(StatusCode::CREATED, &ImageUploadAnswer::from(permitted))
}
