//! Where work comes from: which request, from which address.
//!
//! It goes with the task, and with it to the thread that works on the database, so that the audit
//! knows it without each function on the way passing it on, and none can forget to.

use std::net::IpAddr;
use std::sync::Arc;

use service_kit::request_id::RequestId;

use crate::accounts::keys::Trail;

/// A request that work is done for. Commands and tasks of the server itself have none.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Names the request in our logs.
    pub request: RequestId,
    /// The client's address.
    pub address: IpAddr,
    /// Seals the address; without it none is kept.
    pub trail: Option<Arc<Trail>>,
}

tokio::task_local! {
    static CURRENT: Origin;
}

impl Origin {
    /// The one of this task, or of the task that this thread works for.
    #[must_use]
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Self::clone).ok()
    }

    /// Does `work` as its origin.
    pub async fn of<F: Future>(self, work: F) -> F::Output {
        CURRENT.scope(self, work).await
    }

    /// Does `work` on this thread as the origin, where there is one.
    pub fn carried<T>(origin: Option<Self>, work: impl FnOnce() -> T) -> T {
        match origin {
            Some(origin) => CURRENT.sync_scope(origin, work),
            None => work(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Origin, RequestId};

    #[tokio::test]
    async fn a_blocking_thread_works_for_the_request_that_it_was_given() {
        let origin = Origin {
            request: RequestId::parse("018f3c2a-7b1e-7c33-9d52-3f1a2b4c5d6e").expect("an id"),
            address: [127, 0, 0, 1].into(),
            trail: None,
        };
        let seen = origin
            .of(async {
                let origin = Origin::current();
                let work = move || Origin::carried(origin, || Origin::current().map(|o| o.request));
                tokio::task::spawn_blocking(work).await.expect("it ends")
            })
            .await;
        assert_eq!(
            seen.as_ref().map(RequestId::as_str),
            Some("018f3c2a-7b1e-7c33-9d52-3f1a2b4c5d6e")
        );
        assert!(Origin::current().is_none(), "and nobody else does");
    }
}
