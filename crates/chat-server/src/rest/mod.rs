//! REST of this server: what web-api states, the console's sessions, and what admins edit.

mod access_log;
mod body;
mod canned_replies;
mod console;
mod dead_letters;
mod failure;
mod guard;
mod holidays;
mod keywords;
mod limits;
mod routes;
mod statements;
mod unknown_words;

use std::sync::Arc;

use axum::Router;
use domain::clock::Clock;
use service_kit::forwarded::Proxies;
use service_kit::token::{StatementVerifier, TokenVerifier};

use crate::hub::Hub;
use crate::identity::{Revoked, Staff};
use crate::staff::StaffAccounts;
use crate::store::model::{ConversationId, Moment};
use crate::store::{Access, AccessKind, Store, StoreError};

pub use routes::{Allowed, ROUTES, Route};

use limits::Limits;

/// Where all of it is.
pub(crate) const BASE: &str = "/chat/v1/";

/// What the routes stand on; a cheap handle.
#[derive(Clone)]
pub(crate) struct Rest {
    parts: Arc<Parts>,
    limits: Arc<Limits>,
}

/// The parts.
pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) verifier: Arc<TokenVerifier>,
    pub(crate) statements: StatementVerifier,
    pub(crate) revoked: Revoked,
    pub(crate) staff: StaffAccounts,
    pub(crate) hub: Hub,
    pub(crate) proxies: Proxies,
}

impl Rest {
    fn store(&self) -> &Store {
        &self.parts.store
    }

    fn now(&self) -> Moment {
        Moment::from(self.parts.clock.now())
    }

    /// Records what somebody is about to do. Where that fails it isn't done.
    async fn record(
        &self,
        staff: &Staff,
        kind: AccessKind,
        conversation: Option<ConversationId>,
    ) -> Result<(), StoreError> {
        let access = Access {
            staff: staff.id.clone(),
            kind,
            conversation,
            at: self.now(),
        };
        self.store().record_access(&access).await
    }
}

/// All routes of the table, each behind its guard.
pub(crate) fn router(parts: Parts) -> Router {
    let rest = Rest {
        parts: Arc::new(parts),
        limits: Arc::default(),
    };
    let mut router = Router::new();
    for route in ROUTES {
        // Not around what isn't there: which methods a path has is told to everybody.
        let guarded = route
            .handler()
            .route_layer(axum::middleware::from_fn_with_state(
                (rest.clone(), route.allowed),
                guard::guard,
            ));
        router = router.route(route.path, guarded);
    }
    router.with_state(rest)
}

/// The name of a request's route, for the log and the metrics: a path may hold what somebody has typed.
pub(crate) fn label(path: &str) -> Option<&'static str> {
    if !path.starts_with(BASE) {
        return None;
    }
    let fits = |route: &&Route| {
        let mut parts = path.split('/');
        let same = route.path.split('/').all(|wanted| {
            parts
                .next()
                .is_some_and(|part| wanted.starts_with('{') || part == wanted)
        });
        same && parts.next().is_none()
    };
    let known = ROUTES.iter().find(fits).map(|route| route.path);
    Some(known.unwrap_or("/chat/v1/…"))
}
