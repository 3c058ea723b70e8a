//! Wishes and the compare box.

use actix_web::http::Method;

use super::{Access as A, Entry, RateClass, at, reads};
use crate::compare_box::handlers as compare_box;
use crate::wishes::handlers as wishes;

pub(crate) const MY_WISHES: &str = "/api/v1/me/wishes";
pub(crate) const MY_WISH: &str = "/api/v1/me/wishes/{id}";
pub(crate) const MY_COMPARE_BOX: &str = "/api/v1/me/compare-box";
pub(crate) const MY_COMPARE_BOX_MERGE: &str = "/api/v1/me/compare-box/merge";
pub(crate) const MY_COMPARE_BOX_ENTRY: &str = "/api/v1/me/compare-box/{id}";

pub(super) fn of_members() -> Vec<Entry> {
    use RateClass::{Detail, Writes};
    vec![
        reads(MY_WISHES, A::MEMBER, Detail, wishes::list_wishes),
        at(MY_WISH)
            .on(Method::PUT, A::MEMBER, Writes, wishes::add_wish)
            .on(Method::DELETE, A::MEMBER, Writes, wishes::remove_wish),
        reads(MY_COMPARE_BOX, A::MEMBER, Detail, compare_box::show_box),
        at(MY_COMPARE_BOX_MERGE).on(Method::POST, A::MEMBER, Writes, compare_box::merge_box),
        at(MY_COMPARE_BOX_ENTRY)
            .on(Method::PUT, A::MEMBER, Writes, compare_box::add_to_box)
            .on(
                Method::DELETE,
                A::MEMBER,
                Writes,
                compare_box::remove_from_box,
            ),
    ]
}
