//! What admins do besides members and content: the catalogue, the audit.

use actix_web::http::Method;

use super::{Access as A, Entry, RateClass, at, reads};
use crate::accounts::handlers::audit;
use crate::catalogue::handlers::describe_ingredient;
use crate::mfds::handlers as syncs;

pub(crate) const ADMIN_SYNCS: &str = "/api/v1/admin/catalogue-syncs";
pub(crate) const ADMIN_SYNC: &str = "/api/v1/admin/catalogue-syncs/{id}";
pub(crate) const ADMIN_SYNC_REJECTS: &str = "/api/v1/admin/catalogue-syncs/{id}/rejects";
pub(crate) const ADMIN_INGREDIENT: &str = "/api/v1/admin/ingredients/{id}";
pub(crate) const ADMIN_AUDIT: &str = "/api/v1/admin/audit";

pub(super) fn of_administration() -> Vec<Entry> {
    use RateClass::Admin;
    vec![
        reads(ADMIN_SYNCS, A::ADMIN, Admin, syncs::list).on(
            Method::POST,
            A::ADMIN,
            Admin,
            syncs::start,
        ),
        reads(ADMIN_SYNC, A::ADMIN, Admin, syncs::show),
        reads(ADMIN_SYNC_REJECTS, A::ADMIN, Admin, syncs::rejects),
        at(ADMIN_INGREDIENT).on(
            Method::PUT,
            A::ADMIN,
            Admin,
            describe_ingredient::describe_ingredient,
        ),
        reads(ADMIN_AUDIT, A::ADMIN, Admin, audit::list_audit),
    ]
}
