//! One's allergies.

use actix_web::http::Method;

use super::{Access as A, Entry, MINE, RateClass, at};
use crate::allergies::handlers::{add_allergy, list_allergies, remove_allergy};

pub(crate) const MY_ALLERGIES: &str = "/api/v1/me/allergies";
pub(crate) const MY_ALLERGY: &str = "/api/v1/me/allergies/{id}";

pub(super) fn of_allergies() -> Vec<Entry> {
    use RateClass::{Detail, Writes};
    vec![
        at(MY_ALLERGIES).on(Method::GET, MINE, Detail, list_allergies::list_allergies),
        at(MY_ALLERGY)
            .on(Method::PUT, A::MEMBER, Writes, add_allergy::add_allergy)
            // Having it erased isn't lost by a suspension (개인정보 보호법 제36조).
            .on(Method::DELETE, MINE, Writes, remove_allergy::remove_allergy),
    ]
}
