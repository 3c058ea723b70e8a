//! `GET /reviews/notice`

use actix_web::{HttpRequest, HttpResponse};

use crate::http::cacheable::{self, Freshness};
use crate::http::openapi::Problems;
use crate::http::parameters::Parameters;
use crate::http::problem::Problem;
use crate::http::render::language;
use crate::reviews::answers::NoticeAnswer;
use crate::reviews::notice;
use crate::routes;

/// Shows what an author has to be told before his review becomes public.
///
/// It tells of health (개인정보 보호법 제23조 제3항). Show it beside the choice of `private`; `version`
/// then goes into `noticeVersion`.
#[utoipa::path(
    get,
    path = routes::REVIEW_NOTICE,
    operation_id = "showReviewNotice",
    tag = "reviews",
    responses((status = 200, description = "The notice that is in force.", body = NoticeAnswer), Problems),
)]
pub(crate) async fn show_notice(request: HttpRequest) -> Result<HttpResponse, Problem> {
    Parameters::read(&request, &[])?.finish()?;
    let notice = NoticeAnswer {
        version: notice::in_force().as_str(),
        text: notice::text(language(request.headers())),
    };
    cacheable::json(&request, Freshness::Retractable, &notice)
}
