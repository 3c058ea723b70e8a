//! Sign-in by other services.

use actix_web::http::Method;

use super::{Access as A, Entry, MINE, RateClass, at};
use crate::accounts::handlers::social;

pub(crate) const SOCIAL: &str = "/api/v1/auth/social/{provider}";
pub(crate) const SOCIAL_CALLBACK: &str = "/api/v1/auth/social/{provider}/callback";
pub(crate) const SOCIAL_EXCHANGE: &str = "/api/v1/auth/social/exchange";
const KAKAO_UNLINKED: &str = "/api/v1/auth/social/kakao/unlink-notice";
pub(crate) const MY_SOCIAL: &str = "/api/v1/me/social/{provider}";
pub(crate) const REAUTHENTICATIONS: &str = "/api/v1/me/reauthentications";

/// Sign-in by other services. Kakao's notice proves itself by the admin key.
pub(super) fn of_social() -> Vec<Entry> {
    use RateClass::{Internal, SignIn, Writes};
    let notice = social::notice::kakao_unlinked;
    vec![
        at(SOCIAL_EXCHANGE).on(
            Method::POST,
            A::PUBLIC,
            SignIn,
            social::exchange::exchange_social,
        ),
        at(SOCIAL).on(Method::GET, A::PUBLIC, SignIn, social::begin::begin_social),
        at(SOCIAL_CALLBACK).on(Method::GET, A::PUBLIC, SignIn, social::callback::end_social),
        at(KAKAO_UNLINKED)
            .on(Method::POST, A::INTERNAL, Internal, notice)
            .on(Method::GET, A::INTERNAL, Internal, notice),
        at(MY_SOCIAL)
            .on(Method::PUT, A::MEMBER, SignIn, social::link::link_social)
            .on(Method::DELETE, MINE, Writes, social::link::unlink_social),
        at(REAUTHENTICATIONS).on(
            Method::POST,
            MINE,
            SignIn,
            social::reauthenticate::reauthenticate,
        ),
    ]
}
