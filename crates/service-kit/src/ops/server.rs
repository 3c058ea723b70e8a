//! The small HTTP server of the operations endpoints. It has a thread and a runtime of its own:
//! it answers also while every worker of the real server is busy. A connection lives for one
//! request and a few seconds, so that nobody can take all of them, or the files of the process.

use std::collections::VecDeque;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::task::{AbortHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use super::Health;
use crate::metrics::{self, Metrics};
use crate::problem::{self, Language, Problem, ProblemKind};

/// How often recorded samples are moved into their histograms.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// Most connections at a time.
const MAX_CONNECTIONS: usize = 64;

/// How long a connection may take for its request and its answer.
const CONVERSATION: Duration = Duration::from_secs(5);

/// Largest head of a request, in bytes (the least that hyper takes).
const MAX_HEAD: usize = 8_192;

/// Pause after a failed accept, usually for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

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
    let router = router(shared);
    tokio::select! {
        () = accept(&listener, &router, &stop) => {}
        () = upkeep => {}
    }
    Ok(())
}

/// Answers connections until `stop`, then waits a moment for those that are open.
async fn accept(listener: &tokio::net::TcpListener, router: &Router, stop: &CancellationToken) {
    let mut open = Open::default();
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        match accepted {
            Ok((stream, _)) => open.take(converse(stream, router.clone())),
            Err(error) => {
                tracing::debug!(%error, "a question of operations could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    if tokio::time::timeout(DRAIN, open.tasks.join_all())
        .await
        .is_err()
    {
        tracing::debug!("cutting the last connections to the operations endpoints");
    }
}

/// Open connections, the oldest first.
#[derive(Default)]
struct Open {
    tasks: JoinSet<()>,
    by_age: VecDeque<AbortHandle>,
}

impl Open {
    /// Adds a connection. Where there are too many, the oldest has to go: an honest one would
    /// have ended long ago, and a new one may be the question whether this server lives.
    fn take(&mut self, connection: impl Future<Output = ()> + Send + 'static) {
        while self.tasks.try_join_next().is_some() {}
        self.by_age.retain(|task| !task.is_finished());
        if self.by_age.len() >= MAX_CONNECTIONS
            && let Some(oldest) = self.by_age.pop_front()
        {
            oldest.abort();
        }
        self.by_age.push_back(self.tasks.spawn(connection));
    }
}

/// One request and its answer.
async fn converse(stream: TcpStream, router: Router) {
    let connection = http1::Builder::new()
        .keep_alive(false)
        .max_header_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    match tokio::time::timeout(CONVERSATION, connection).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "a question of operations ended early"),
        Err(_) => tracing::debug!("a question of operations took too long"),
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
