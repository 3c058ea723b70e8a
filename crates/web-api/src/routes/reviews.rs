//! Reviews of medicines.

use actix_web::http::Method;

use super::{Access as A, Entry, MINE, RateClass, at, reads};
use crate::reviews::handlers::{
    administration, create_review, list_reviews, my_reviews, own_review, reactions, report_review,
    show_notice,
};

pub(crate) const MEDICINE_REVIEWS: &str = "/api/v1/medicines/{id}/reviews";
pub(crate) const MY_REVIEWS: &str = "/api/v1/me/reviews";
pub(crate) const REVIEW_NOTICE: &str = "/api/v1/reviews/notice";
pub(crate) const REVIEW: &str = "/api/v1/reviews/{id}";
pub(crate) const REVIEW_REACTION: &str = "/api/v1/reviews/{id}/reaction";
pub(crate) const REVIEW_REPORTS: &str = "/api/v1/reviews/{id}/reports";
pub(crate) const ADMIN_REVIEWS: &str = "/api/v1/admin/reviews";
pub(crate) const ADMIN_REVIEW_DECISION: &str = "/api/v1/admin/reviews/{id}/decision";

pub(super) fn of_reviews() -> Vec<Entry> {
    use RateClass::{Admin, Detail, Writes};
    vec![
        reads(
            MEDICINE_REVIEWS,
            A::PUBLIC,
            Detail,
            list_reviews::list_reviews,
        )
        .on(
            Method::POST,
            A::MEMBER,
            Writes,
            create_review::create_review,
        ),
        reads(MY_REVIEWS, MINE, Detail, my_reviews::list_my_reviews),
        reads(REVIEW_NOTICE, A::PUBLIC, Detail, show_notice::show_notice),
        at(REVIEW)
            // Who is suspended may still keep to himself what he said; the handler takes no more of him.
            .on(Method::PATCH, MINE, Writes, own_review::change_review)
            // Having it erased isn't lost by a suspension (개인정보 보호법 제36조).
            .on(Method::DELETE, MINE, Writes, own_review::delete_review),
        at(REVIEW_REACTION)
            .on(Method::PUT, A::MEMBER, Writes, reactions::react)
            .on(Method::DELETE, MINE, Writes, reactions::take_back),
        at(REVIEW_REPORTS).on(
            Method::POST,
            A::MEMBER,
            Writes,
            report_review::report_review,
        ),
        reads(ADMIN_REVIEWS, A::ADMIN, Admin, administration::list),
        at(ADMIN_REVIEW_DECISION).on(Method::PUT, A::ADMIN, Admin, administration::decide),
    ]
}
