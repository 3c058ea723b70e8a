//! The OpenAPI document.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::http::cacheable::{self, Freshness};

/// The document as text: written once a process.
#[derive(Debug, Clone)]
pub(crate) struct ApiDocumentText(pub(crate) String);

/// `GET /api-docs/openapi.json`
pub(crate) async fn document(
    request: HttpRequest,
    text: web::Data<ApiDocumentText>,
) -> HttpResponse {
    let body = text.0.clone().into_bytes();
    cacheable::bytes(&request, Freshness::Public, "application/json", body)
}
