//! The HTTP server.

mod control;
mod request;
mod service;

use axum::Router;
use tokio_util::sync::CancellationToken;

use super::{Catalogue, Faults, Handle, ItemForm};
use crate::server::{self, Paths, StartError};

/// What doesn't change while the stand-in runs.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The only service key that is known, decoded; `None` takes any key that isn't empty.
    pub service_key: Option<String>,
    /// How the elements of `items` are wrapped.
    pub item_form: ItemForm,
}

/// What every handler needs.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) config: Config,
    pub(crate) handle: Handle,
    pub(crate) stop: CancellationToken,
}

/// Starts stand-ins of the MFDS open API.
#[derive(Debug)]
pub struct Simulator {
    context: Context,
}

/// A stand-in that runs; dropping it stops it.
pub type Running = server::Running<Handle>;

const PATHS: Paths = Paths {
    base: service::BASE_PATH,
    control: control::PATH,
};

impl Simulator {
    /// A stand-in that is served until `stop` is cancelled.
    #[must_use]
    pub fn new(
        catalogue: Catalogue,
        faults: Faults,
        config: Config,
        stop: CancellationToken,
    ) -> Self {
        Self {
            context: Context {
                config,
                handle: Handle::new(catalogue, faults),
                stop,
            },
        }
    }

    /// Changes the stand-in while it runs.
    #[must_use]
    pub fn handle(&self) -> Handle {
        self.context.handle.clone()
    }

    /// Starts one on a free port of the loopback address; it takes any service key.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start(catalogue: Catalogue, faults: Faults) -> Result<Running, StartError> {
        Self::start_with(catalogue, faults, Config::default()).await
    }

    /// Starts one on a free port of the loopback address.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start_with(
        catalogue: Catalogue,
        faults: Faults,
        config: Config,
    ) -> Result<Running, StartError> {
        server::start(PATHS, |_, stop| {
            let simulator = Self::new(catalogue, faults, config, stop);
            let handle = simulator.handle();
            (simulator.into_router(), handle)
        })
        .await
    }

    /// Its routes, to be served by [`crate::serve`] alone or beside other stand-ins.
    pub fn into_router(self) -> Router {
        Router::new()
            .merge(service::routes())
            .merge(control::routes())
            .with_state(self.context)
    }
}
