//! The HTTP server that all stand-ins share.

use std::{future::IntoFuture, net::SocketAddr, time::Duration};

use axum::Router;
use tokio::{net::TcpListener, task::JoinHandle, time};
use tokio_util::sync::CancellationToken;

use crate::connection::{Connection, ControlledListener};

/// How long requests in flight may take after the stop signal.
const DRAIN: Duration = Duration::from_secs(3);

/// The stand-in couldn't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No port could be bound on the loopback address.
    #[error("cannot bind a port on 127.0.0.1")]
    Bind(#[source] std::io::Error),
}

/// A stand-in that runs; dropping it stops it.
#[derive(Debug)]
pub struct Running<H> {
    /// The address to give to the server under test, with the base path where there is one.
    pub base_url: String,
    /// Where it listens.
    pub address: SocketAddr,
    /// Changes it while it runs.
    pub handle: H,
    control_path: &'static str,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
}

impl<H> Running<H> {
    /// The address of the control endpoint, without a slash at the end.
    #[must_use]
    pub fn control_url(&self) -> String {
        format!("http://{}{}", self.address, self.control_path)
    }

    /// Stops it and waits until requests in flight are answered or cut off.
    pub async fn stop(mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take()
            && let Err(error) = task.await
        {
            tracing::warn!(%error, "the stand-in did not stop cleanly");
        }
    }
}

impl<H> Drop for Running<H> {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Where a stand-in's addresses begin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paths {
    pub(crate) base: &'static str,
    pub(crate) control: &'static str,
}

/// Starts a stand-in on a free port of the loopback address. `build` is told the address, because
/// an OpenID provider's own address stands in what it signs.
pub(crate) async fn start<H>(
    paths: Paths,
    build: impl FnOnce(SocketAddr, CancellationToken) -> (Router, H),
) -> Result<Running<H>, StartError> {
    let listener = TcpListener::bind(("127.0.0.1", 0))
        .await
        .map_err(StartError::Bind)?;
    let address = listener.local_addr().map_err(StartError::Bind)?;
    let stop = CancellationToken::new();
    let (router, handle) = build(address, stop.clone());
    let served = serve(listener, router, stop.clone());
    let task = tokio::spawn(async move {
        if let Err(error) = served.await {
            tracing::error!(%error, "the stand-in failed");
        }
    });
    Ok(Running {
        base_url: format!("http://{address}{}", paths.base),
        address,
        handle,
        control_path: paths.control,
        stop,
        task: Some(task),
    })
}

/// Serves stand-ins until the stop signal, then lets requests in flight finish for a few seconds.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: CancellationToken,
) -> std::io::Result<()> {
    let app = router.into_make_service_with_connect_info::<Connection>();
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
