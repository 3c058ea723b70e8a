//! The small HTTP server of the operations endpoints. It has a thread and a runtime of its own:
//! it answers also while every worker of the real server is busy.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio_util::sync::CancellationToken;

use super::Health;
use crate::metrics::{self, Metrics};
use crate::problem::{self, Language, Problem, ProblemKind};

/// How often recorded samples are moved into their histograms.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// How long open connections may take to end after the stop signal.
const DRAIN: Duration = Duration::from_secs(1);

#[derive(Clone)]
struct Shared {
    health: Health,
    metrics: Metrics,
}

/// The running operations server.
#[derive(Debug)]
pub struct OpsServer {
    address: SocketAddr,
    stop: CancellationToken,
    thread: JoinHandle<()>,
}

impl OpsServer {
    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops it and waits until it has ended, about a second at most. Blocks: the last act of
    /// `main`, so that `/readyz` says `stopping` until the end.
    pub fn stop(self) {
        self.stop.cancel();
        if self.thread.join().is_err() {
            tracing::error!("the operations server ended by a panic");
        }
    }
}

/// Serves `/livez`, `/readyz` and `/metrics` on a bound listener until `stop`.
///
/// # Errors
/// When the listener can't be used or no thread can be started.
pub fn serve(
    listener: TcpListener,
    health: Health,
    metrics: Metrics,
    stop: CancellationToken,
) -> io::Result<OpsServer> {
    let address = listener.local_addr()?;
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let until = stop.clone();
    let thread = std::thread::Builder::new()
        .name("operations".to_owned())
        .spawn(move || {
            if let Err(error) = runtime.block_on(run(listener, Shared { health, metrics }, until)) {
                tracing::error!(%error, "the operations server ended");
            }
        })?;
    tracing::info!(%address, "operations endpoints are open");
    Ok(OpsServer {
        address,
        stop,
        thread,
    })
}

async fn run(listener: TcpListener, shared: Shared, stop: CancellationToken) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let metrics = shared.metrics.clone();
    let upkeep = async move {
        let mut ticks = tokio::time::interval(UPKEEP_EVERY);
        loop {
            ticks.tick().await;
            metrics.run_upkeep();
        }
    };
    let serve = axum::serve(listener, router(shared))
        .with_graceful_shutdown(stop.clone().cancelled_owned());
    let overdue = async {
        stop.cancelled().await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        result = serve => result,
        () = overdue => Ok(()),
        () = upkeep => Ok(()),
    }
}

fn router(shared: Shared) -> Router {
    Router::new()
        .route("/livez", get(livez))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics_text))
        .fallback(|| async { problem_response(ProblemKind::NotFound) })
        .method_not_allowed_fallback(|| async { problem_response(ProblemKind::MethodNotAllowed) })
        .with_state(shared)
}

/// Alive means that this answer could be given; anything more would restart servers for the
/// faults of others.
async fn livez() -> Response {
    json(StatusCode::OK, &serde_json::json!({"status": "alive"}))
}

async fn readyz(State(shared): State<Shared>) -> Response {
    let report = shared.health.report();
    let status = StatusCode::from_u16(report.status.http_status())
        .unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    json(status, &report)
}

async fn metrics_text(State(shared): State<Shared>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, metrics::CONTENT_TYPE),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, shared.metrics.render()).into_response()
}

fn json(status: StatusCode, body: &impl serde::Serialize) -> Response {
    (
        status,
        [(header::CACHE_CONTROL, "no-store")],
        axum::Json(body),
    )
        .into_response()
}

fn problem_response(kind: ProblemKind) -> Response {
    let problem = Problem::new(kind, Language::English);
    let status =
        StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [(header::CONTENT_TYPE, problem::CONTENT_TYPE)];
    (status, headers, problem.to_json().to_string()).into_response()
}
