//! A stand-in of Slack's incoming webhooks.
//!
//! Sources: Slack's pages “Sending messages using incoming webhooks” (path, `ok`, the words of
//! errors and their statuses), “Rate limits” (one message a second, short bursts above it, 429 with
//! `Retry-After` in seconds) and “Block Kit” (lengths). What they don't say, and is a guess here:
//! the body of a 429, how long a burst may be, and that a webhook stays shut until `Retry-After` is
//! over.
//!
//! ```no_run
//! # async fn demo() -> Result<(), simulators::StartError> {
//! use simulators::slack::{Config, Simulator};
//!
//! let running = Simulator::start(Config::default()).await?;
//! println!("address of the webhook: {}", running.base_url);
//! assert!(running.handle.messages().is_empty());
//! # Ok(())
//! # }
//! ```

mod config;
mod handle;
mod page;
mod payload;
mod post;

use std::net::SocketAddr;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::{
    control,
    gate::{self, Gate},
    server::{self, Paths, StartError},
};

pub use config::{Config, RateLimit};
pub use handle::{Faults, Handle, Message};

/// The control endpoint; the page and the list for tests stand at `/slack`.
const PATHS: Paths = Paths {
    base: "",
    control: "/_control/slack",
};
/// Far more than a message may have.
const BODY_LIMIT: usize = 256 * 1024;

/// What Slack can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// To show a message.
    Post,
}

/// What Slack answers instead. Nothing is shown, but with `LateAnswer` and `Garbage`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Wrong {
    /// 400: the message can't be read.
    InvalidPayload,
    /// 403: the workspace's admins forbid it.
    ActionProhibited,
    /// 404: the webhook was removed.
    NoService,
    /// 404: the channel is gone.
    ChannelNotFound,
    /// 410: the channel was archived.
    ChannelIsArchived,
    /// 500, for reasons of its own.
    RollupError,
    /// 429 with `Retry-After`.
    RateLimited {
        /// In seconds.
        retry_after: u32,
    },
    /// 307 to another address.
    Redirect {
        /// The address.
        to: String,
    },
    /// The message is shown, and the answer comes late.
    LateAnswer {
        /// By this many milliseconds.
        millis: u64,
    },
    /// The message is shown, and the answer is a page of something in between.
    Garbage,
}

/// A fault of this stand-in.
pub type Fault = crate::faults::Fault<Operation, Wrong>;
/// A stand-in that runs; dropping it stops it. Its base address is the webhook.
pub type Running = server::Running<Handle>;

#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) handle: Handle,
    pub(crate) stop: CancellationToken,
}

/// Starts stand-ins of Slack.
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
        let path = config.path();
        let mut running = server::start(PATHS, |_: SocketAddr, stop| {
            let simulator = Self::new(config, stop);
            let handle = simulator.handle();
            (simulator.into_router(), handle)
        })
        .await?;
        running.base_url.push_str(&path);
        Ok(running)
    }

    /// Its routes, to be served by [`crate::serve`] alone or beside other stand-ins.
    pub fn into_router(self) -> Router {
        let context = self.context;
        let handle = &context.handle;
        let control = control::routes(&handle.faults, &handle.clock);
        let gate = Gate {
            operation: Operation::Post,
            faults: handle.faults.clone(),
            error_page: error,
            stop: context.stop.clone(),
        };
        let gated = middleware::from_fn_with_state(gate, gate::pass::<_, Wrong>);
        Router::new()
            .route(
                "/services/{team}/{webhook}/{token}",
                post(post::post).layer(gated),
            )
            .route("/slack", get(page::show))
            .route("/slack/messages", get(page::list).delete(page::clear))
            .layer(DefaultBodyLimit::max(BODY_LIMIT))
            .with_state(context)
            .nest(PATHS.control, control)
    }
}

/// An error of what stands before Slack.
fn error(status: StatusCode) -> Response {
    let text = status.canonical_reason().unwrap_or("error");
    (status, text).into_response()
}
