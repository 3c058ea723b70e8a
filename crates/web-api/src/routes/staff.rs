//! The second factor, and what staff do to members.

use actix_web::http::Method;

use super::{Access as A, Entry, RateClass, at, reads};
use crate::accounts::handlers::{second_factor, sign_in_second, staff};

pub(crate) const SESSIONS_SECOND_FACTOR: &str = "/api/v1/auth/sessions/second-factor";
pub(crate) const MY_SECOND_FACTOR: &str = "/api/v1/me/second-factor";
pub(crate) const MY_SECOND_FACTOR_CONFIRMATION: &str = "/api/v1/me/second-factor/confirmation";
pub(crate) const ADMIN_USERS: &str = "/api/v1/admin/users";
pub(crate) const ADMIN_USER_ROLE: &str = "/api/v1/admin/users/{id}/role";
pub(crate) const ADMIN_USER_SUSPENSION: &str = "/api/v1/admin/users/{id}/suspension";

pub(super) fn of_staff() -> Vec<Entry> {
    use RateClass::{Admin, SignIn};
    vec![
        at(SESSIONS_SECOND_FACTOR).on(
            Method::POST,
            A::PUBLIC,
            SignIn,
            sign_in_second::sign_in_second,
        ),
        at(MY_SECOND_FACTOR)
            .on(Method::POST, A::MEMBER, SignIn, second_factor::propose)
            .on(Method::DELETE, A::MEMBER, SignIn, second_factor::remove),
        at(MY_SECOND_FACTOR_CONFIRMATION).on(
            Method::POST,
            A::MEMBER,
            SignIn,
            second_factor::confirm,
        ),
        reads(ADMIN_USERS, A::ADMIN, Admin, staff::find_users),
        at(ADMIN_USER_ROLE).on(Method::PUT, A::ADMIN, Admin, staff::change_role),
        at(ADMIN_USER_SUSPENSION)
            .on(Method::PUT, A::ADMIN, Admin, staff::suspend)
            .on(Method::DELETE, A::ADMIN, Admin, staff::unsuspend),
    ]
}
