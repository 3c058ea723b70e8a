//! The HTTP server.

mod connection;
mod control;
mod request;
mod service;

use std::{future::IntoFuture, net::SocketAddr, time::Duration};

use axum::Router;
use tokio::{net::TcpListener, task::JoinHandle, time};
use tokio_util::sync::CancellationToken;

use self::connection::{Connection, ControlledListener};
use super::{Catalogue, Faults, Handle, ItemForm};

/// How long requests in flight may take after the stop signal.
const DRAIN: Duration = Duration::from_secs(3);

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

/// The stand-in couldn't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No port could be bound on the loopback address.
    #[error("cannot bind a port on 127.0.0.1")]
    Bind(#[source] std::io::Error),
}

/// Starts stand-ins of the MFDS open API.
#[derive(Debug)]
pub struct Simulator {
    context: Context,
}

/// A stand-in that runs; dropping it stops it.
#[derive(Debug)]
pub struct Running {
    /// The base address with the base path: the value for `MFDS_BASE_URL`.
    pub base_url: String,
    /// Where it listens.
    pub address: SocketAddr,
    /// Changes it while it runs.
    pub handle: Handle,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
}

impl Running {
    /// The address of the control endpoint, without a slash at the end.
    #[must_use]
    pub fn control_url(&self) -> String {
        format!("http://{}{}", self.address, control::PATH)
    }

    /// Stops it and waits until requests in flight are answered or cut off.
    pub async fn stop(mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take()
            && let Err(error) = task.await
        {
            tracing::warn!(%error, "the MFDS stand-in did not stop cleanly");
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Simulator {
    /// A stand-in that is served by [`Simulator::serve`] until `stop` is cancelled.
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
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .map_err(StartError::Bind)?;
        let address = listener.local_addr().map_err(StartError::Bind)?;
        let stop = CancellationToken::new();
        let simulator = Self::new(catalogue, faults, config, stop.clone());
        let handle = simulator.handle();
        let task = tokio::spawn(async move {
            if let Err(error) = simulator.serve(listener).await {
                tracing::error!(%error, "the MFDS stand-in failed");
            }
        });
        let base_url = format!("http://{address}{}", service::BASE_PATH);
        Ok(Running {
            base_url,
            address,
            handle,
            stop,
            task: Some(task),
        })
    }

    /// Serves until the stop signal, then lets requests in flight finish for a few seconds.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(self, listener: TcpListener) -> std::io::Result<()> {
        let stop = self.context.stop.clone();
        let app = Router::new()
            .merge(service::routes())
            .merge(control::routes())
            .with_state(self.context)
            .into_make_service_with_connect_info::<Connection>();
        let served = axum::serve(ControlledListener::new(listener), app)
            .with_graceful_shutdown(stop.clone().cancelled_owned())
            .into_future();
        let deadline = async {
            stop.cancelled().await;
            time::sleep(DRAIN).await;
        };
        tokio::select! {
            result = served => result,
            () = deadline => Ok(()),
        }
    }
}
