//! Sign-up, sign-in, devices, one's own profile.

use actix_web::http::Method;

use super::{Access as A, Entry, MINE, RateClass, at, reads};
use crate::accounts::handlers::{
    change_password, change_phone, confirm_verification, consents, export, me, recover_login_id,
    refresh, request_verification, reset_password, sessions, sign_in, sign_up, withdraw,
};

pub(crate) const PHONE_VERIFICATIONS: &str = "/api/v1/auth/phone-verifications";
pub(crate) const PHONE_VERIFICATION_CONFIRM: &str = "/api/v1/auth/phone-verifications/{id}/confirm";
pub(crate) const USERS: &str = "/api/v1/users";
pub(crate) const AVAILABILITY: &str = "/api/v1/users/availability";
pub(crate) const SESSIONS: &str = "/api/v1/auth/sessions";
pub(crate) const SESSIONS_REFRESH: &str = "/api/v1/auth/sessions/refresh";
pub(crate) const SESSION_CURRENT: &str = "/api/v1/auth/sessions/current";
pub(crate) const SESSION: &str = "/api/v1/auth/sessions/{id}";
pub(crate) const ME: &str = "/api/v1/me";
pub(crate) const MY_EXPORT: &str = "/api/v1/me/export";
pub(crate) const ERASURE_RECEIPT: &str = "/api/v1/erasure-receipts/{id}";
pub(crate) const MY_PASSWORD: &str = "/api/v1/me/password";
pub(crate) const MY_PHONE: &str = "/api/v1/me/phone";
pub(crate) const LOGIN_ID_RECOVERY: &str = "/api/v1/auth/login-id-recovery";
pub(crate) const PASSWORD_RESET: &str = "/api/v1/auth/password-reset";
pub(crate) const MY_CONSENTS: &str = "/api/v1/me/consents";
pub(crate) const MY_CONSENT: &str = "/api/v1/me/consents/{kind}";

pub(super) fn of_accounts() -> Vec<Entry> {
    use RateClass::{Detail, SignIn, Sms, Writes};
    vec![
        at(PHONE_VERIFICATIONS).on(
            Method::POST,
            A::PUBLIC,
            Sms,
            request_verification::request_verification,
        ),
        at(PHONE_VERIFICATION_CONFIRM).on(
            Method::POST,
            A::PUBLIC,
            SignIn,
            confirm_verification::confirm_verification,
        ),
        at(USERS).on(Method::POST, A::PUBLIC, SignIn, sign_up::sign_up),
        reads(AVAILABILITY, A::PUBLIC, SignIn, sign_up::availability),
        at(SESSIONS)
            .on(Method::POST, A::PUBLIC, SignIn, sign_in::sign_in)
            .on(Method::GET, MINE, Detail, sessions::list_sessions)
            .on(Method::DELETE, MINE, Writes, sessions::end_all),
        at(SESSIONS_REFRESH).on(Method::POST, A::PUBLIC, Writes, refresh::refresh),
        at(SESSION_CURRENT).on(Method::DELETE, MINE, Writes, sessions::end_current),
        at(SESSION).on(Method::DELETE, MINE, Writes, sessions::end_session),
        at(ME)
            .on(Method::GET, MINE, Detail, me::show_me)
            .on(Method::PATCH, A::MEMBER, Writes, me::change_me)
            .on(Method::DELETE, MINE, SignIn, withdraw::withdraw),
        at(MY_EXPORT).on(Method::GET, MINE, SignIn, export::export_me),
        reads(ERASURE_RECEIPT, A::PUBLIC, SignIn, withdraw::show_receipt),
        at(MY_PASSWORD).on(
            Method::PUT,
            A::MEMBER,
            SignIn,
            change_password::change_password,
        ),
        at(MY_PHONE).on(Method::PUT, A::MEMBER, SignIn, change_phone::change_phone),
        at(LOGIN_ID_RECOVERY).on(
            Method::POST,
            A::PUBLIC,
            SignIn,
            recover_login_id::recover_login_id,
        ),
        at(PASSWORD_RESET).on(
            Method::POST,
            A::PUBLIC,
            SignIn,
            reset_password::reset_password,
        ),
        at(MY_CONSENTS).on(Method::GET, MINE, Detail, consents::list_consents),
        at(MY_CONSENT).on(Method::PUT, MINE, Writes, consents::change_consent),
    ]
}
