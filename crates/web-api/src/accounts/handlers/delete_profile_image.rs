//! `DELETE /me/profile-image`

use actix_web::{HttpResponse, web};

use super::done;
use crate::accounts::Accounts;
use crate::http::caller::SignedIn;
use crate::http::openapi::WriteProblems;
use crate::http::problem::Problem;
use crate::routes;

/// Removes one's picture.
#[utoipa::path(
    delete,
    path = routes::MY_IMAGE,
    operation_id = "deleteProfileImage",
    tag = "accounts",
    responses((status = 204, description = "There is none (any more)."), WriteProblems),
)]
pub(crate) async fn delete_profile_image(
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
) -> Result<HttpResponse, Problem> {
    accounts.remove_image(member.id.clone()).await?;
    Ok(done())
}
