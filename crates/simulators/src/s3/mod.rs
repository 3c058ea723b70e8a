//! A stand-in of an S3 object store: one bucket, path style, in memory.
//!
//! Sources: Amazon's S3 API reference, "Authenticating Requests: Using Query Parameters" and
//! "… Using the Authorization Header" (canonical request, seven days at most, fifteen minutes of
//! skew, two worked examples that the tests repeat), "Error Responses" (codes and XML) and "Common
//! Errors". What isn't played: streaming signatures, ranges, versions, multipart, virtual hosts.
//!
//! ```no_run
//! # async fn demo() -> Result<(), simulators::StartError> {
//! use simulators::s3::{Config, Simulator};
//!
//! let running = Simulator::start(Config::default()).await?;
//! println!("endpoint of S3: {}", running.base_url);
//! assert!(running.handle.object("images/1").is_none());
//! # Ok(())
//! # }
//! ```

mod claim;
mod config;
mod error;
mod handle;
mod objects;
mod sigv4;

use std::net::SocketAddr;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware,
    response::IntoResponse,
    routing::{MethodRouter, delete, get, head, put},
};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use tower_http::cors::{Any, CorsLayer};

use self::error::Error;
use crate::{
    control,
    gate::{self, Gate},
    server::{self, Paths, StartError},
};

pub use config::Config;
pub use handle::{Faults, Handle, Object};

const PATHS: Paths = Paths {
    base: "/s3",
    control: "/_control/s3",
};

/// What the store can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// `PUT` of an object.
    Put,
    /// `GET` of an object.
    Get,
    /// `HEAD` of an object.
    Head,
    /// `DELETE` of an object.
    Delete,
}

/// What the store can do wrong in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Wrong {
    /// 503 `SlowDown`.
    SlowDown,
    /// 403 `AccessDenied` although the signature is right.
    AccessDenied,
    /// 404 `NoSuchKey` although the object is there.
    NoSuchKey,
    /// 400 `EntityTooLarge` although the object isn't.
    TooLarge,
    /// Half the object, and the connection closes.
    Truncated,
    /// Bytes of the same length that aren't the object's.
    Corrupted,
}

/// A fault of this stand-in.
pub type Fault = crate::faults::Fault<Operation, Wrong>;
/// A stand-in that runs; dropping it stops it.
pub type Running = server::Running<Handle>;

#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) handle: Handle,
    pub(crate) stop: CancellationToken,
}

/// Starts stand-ins of an object store.
#[derive(Debug)]
pub struct Simulator {
    context: Context,
}

impl Simulator {
    /// A stand-in that is served until `stop` is cancelled.
    #[must_use]
    pub fn new(config: Config, stop: CancellationToken) -> Self {
        let handle = Handle::new(config);
        Self {
            context: Context { handle, stop },
        }
    }

    /// Changes and inspects the stand-in while it runs.
    #[must_use]
    pub fn handle(&self) -> Handle {
        self.context.handle.clone()
    }

    /// Starts one on a free port of the loopback address.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start(config: Config) -> Result<Running, StartError> {
        server::start(PATHS, |_: SocketAddr, stop| {
            let simulator = Self::new(config, stop);
            let handle = simulator.handle();
            (simulator.into_router(), handle)
        })
        .await
    }

    /// Its routes, to be served by [`crate::serve`] alone or beside other stand-ins.
    pub fn into_router(self) -> Router {
        let context = self.context;
        let handle = &context.handle;
        let control = control::routes(&handle.faults, &handle.clock);
        let gated = |operation, routes: MethodRouter<Context>| {
            let gate = Gate {
                operation,
                faults: context.handle.faults.clone(),
                error_page,
                stop: context.stop.clone(),
            };
            routes.layer(middleware::from_fn_with_state(gate, gate::pass::<_, Wrong>))
        };
        let object = gated(Operation::Put, put(objects::store))
            .merge(gated(Operation::Get, get(objects::fetch)))
            .merge(gated(Operation::Head, head(objects::describe)))
            .merge(gated(Operation::Delete, delete(objects::remove)));
        // A browser uploads straight to the store, from the front end's origin.
        let cors = CorsLayer::new()
            .allow_origin(Any)
            .allow_methods(Any)
            .allow_headers(Any)
            .expose_headers([axum::http::header::ETAG]);
        Router::new()
            .route(&format!("{}/{{bucket}}/{{*key}}", PATHS.base), object)
            .layer(DefaultBodyLimit::disable())
            .layer(cors)
            .with_state(context)
            .nest(PATHS.control, control)
    }
}

fn error_page(status: StatusCode) -> axum::response::Response {
    let code = if status == StatusCode::SERVICE_UNAVAILABLE {
        "ServiceUnavailable"
    } else {
        "InternalError"
    };
    let message = "We encountered an internal error. Please try again.";
    Error::new(status, code, message).into_response()
}
