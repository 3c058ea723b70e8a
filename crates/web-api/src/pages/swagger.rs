//! Swagger UI, its files inside the binary.

use std::sync::Arc;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use service_kit::problem::ProblemKind;
use utoipa_swagger_ui::Config;

use crate::http::cacheable;
use crate::http::problem::Problem;
use crate::routes;

/// Scripts only from here; Swagger UI writes style attributes and data images.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; connect-src 'self'; font-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// `GET /swagger-ui`
pub(crate) async fn moved(request: HttpRequest) -> HttpResponse {
    cacheable::moved(routes::SWAGGER, request.query_string())
}

/// `GET /swagger-ui/{file}`
pub(crate) async fn file(
    request: HttpRequest,
    config: web::Data<Config<'static>>,
) -> Result<HttpResponse, Problem> {
    let path = request.match_info().get("file").unwrap_or_default();
    let config = Arc::clone(&config);
    let file = utoipa_swagger_ui::serve(path, config).map_err(|error| {
        let error: &dyn std::error::Error = &*error;
        tracing::error!(error, "Swagger UI can't be served");
        Problem::new(ProblemKind::Internal)
    })?;
    let Some(file) = file else {
        return Err(Problem::of_status(StatusCode::NOT_FOUND));
    };
    let mut response = HttpResponse::Ok();
    response
        .content_type(file.content_type)
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"));
    if file.gzpipped {
        response.insert_header((header::CONTENT_ENCODING, "gzip"));
    }
    Ok(response.body(file.bytes.into_owned()))
}
