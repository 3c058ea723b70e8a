//! `GET /profile-images/{name}`

use actix_web::http::header::{CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::accounts::Accounts;
use crate::accounts::images::CONTENT_TYPE;
use crate::http::cacheable::{Freshness, Rendered};
use crate::http::problem::Problem;

/// Shows a picture. Its name is given anew with each picture, so it can be kept for good.
pub(crate) async fn show_image(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    name: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let bytes = accounts.image(&name).await?;
    let mut response = Rendered::new(CONTENT_TYPE, bytes).respond(&request, Freshness::Forever);
    // Front ends of other origins show it, too; there is nothing in it that only its address tells.
    response.headers_mut().insert(
        CROSS_ORIGIN_RESOURCE_POLICY,
        HeaderValue::from_static("cross-origin"),
    );
    Ok(response)
}
