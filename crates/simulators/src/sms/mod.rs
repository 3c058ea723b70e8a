//! A stand-in of Naver Cloud SENS, SMS API v2.
//!
//! Sources: the API's guide (`api.ncloud-docs.com/docs/ai-application-service-sens-smsv2`: paths,
//! headers, fields, five minutes of skew, states of a message) and the API gateway's overview
//! (`…/ai-application-service-apigateway`: statuses and `errorCode`s). What neither says, and is a
//! guess here: the `details` of errors, and that a text of more than 90 bytes is refused. The real
//! service cuts such a text, which no test would notice.
//!
//! ```no_run
//! # async fn demo() -> Result<(), simulators::StartError> {
//! use simulators::sms::{Config, Simulator};
//!
//! let running = Simulator::start(Config::default()).await?;
//! println!("base address of SENS: {}", running.base_url);
//! assert!(running.handle.messages_to("01012345678").is_empty());
//! # Ok(())
//! # }
//! ```

mod config;
mod delivery;
mod handle;
mod message;
mod page;
mod send;
mod signature;

use std::net::SocketAddr;

use axum::{
    Json, Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::{
    control,
    gate::{self, Gate},
    server::{self, Paths, StartError},
};

pub use config::{Config, RateLimit};
pub use handle::{Faults, Handle};
pub use message::{Message, Status};

/// Where SENS stands; the page and the list for tests stand at `/sms`.
const PATHS: Paths = Paths {
    base: "",
    control: "/_control/sms",
};
/// Far more than a message may have.
const BODY_LIMIT: usize = 64 * 1024;

/// What SENS can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// `POST …/messages`.
    Send,
    /// `GET …/messages?requestId=`.
    FindRequest,
    /// `GET …/messages/{messageId}`.
    FindMessage,
}

/// What SENS can do wrong in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Wrong {
    /// 429 although the limit isn't reached.
    RateLimited,
    /// The message is accepted, and its delivery fails.
    DeliveryFails {
        /// The telephone company's code, 3018 for example.
        code: String,
    },
    /// The message is accepted and stays in `PROCESSING`.
    NeverCompletes,
    /// 401 although the signature is right.
    Unauthorized,
    /// A body that is no JSON, with the right status.
    Garbage,
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

/// Starts stand-ins of SENS.
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
                error_page: |status| error(status, None),
                stop: context.stop.clone(),
            };
            routes.layer(middleware::from_fn_with_state(gate, gate::pass::<_, Wrong>))
        };
        let messages = gated(Operation::Send, post(send::send))
            .merge(gated(Operation::FindRequest, get(delivery::find_request)));
        let message = gated(Operation::FindMessage, get(delivery::find_message));
        Router::new()
            .route("/sms/v2/services/{service}/messages", messages)
            .route("/sms/v2/services/{service}/messages/{id}", message)
            .route("/sms", get(page::show))
            .route("/sms/messages", get(page::list).delete(page::clear))
            .layer(DefaultBodyLimit::max(BODY_LIMIT))
            .with_state(context)
            .nest(PATHS.control, control)
    }
}

/// An error in the gateway's form.
pub(crate) fn error(status: StatusCode, details: Option<&str>) -> Response {
    let (code, message) = match status.as_u16() {
        400 => ("100", "Bad Request Exception"),
        401 => ("200", "Authentication Failed"),
        403 => ("230", "Forbidden"),
        404 => ("300", "Not Found Exception"),
        413 => ("430", "Request Entity Too Large"),
        429 => ("420", "Rate Limited"),
        503 => ("500", "Endpoint Error"),
        504 => ("510", "Endpoint Timeout"),
        _ => ("900", "Unexpected Error"),
    };
    let body = json!({"error": {"errorCode": code, "message": message, "details": details}});
    (status, Json(body)).into_response()
}
