//! The server, put together in one place for `main` and for the tests.

use std::io;
use std::net::TcpListener;
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::{App, HttpServer, web};
use service_kit::ops::Health;
use service_kit::process;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use utoipa::OpenApi as _;
use utoipa_swagger_ui::Config as SwaggerConfig;

use crate::accounts::Accounts;
use crate::accounts::sms::{Sender, Sens};
use crate::accounts::social::Unlinker;
use crate::accounts::statements::{ChatEvents, StatementSender};
use crate::catalogue::{Catalogue, Current, Refresher};
use crate::db::Pool;
use crate::http::caller::TokenCheck;
use crate::http::closing::{Closing, LEAVE, taken_leave};
use crate::http::cors::AllowedOrigins;
use crate::http::guard::Guard;
use crate::http::layers::layered;
use crate::http::limits::BodyLimit;
use crate::http::rate::Limiter;
use crate::http::rate::shared::Shared;
use crate::marks::MarkBook;
use crate::mfds::desk::Desk;
use crate::pages::api_document::ApiDocumentText;
use crate::pages::assets::Assets;
use crate::pages::shell::Shell;
use crate::routes::{self, ApiDocument};
use crate::settings::{CatalogueSettings, HttpSettings, LimitSettings, Origin};
use crate::wishes::Together;

/// How long an idle connection stays open: longer than load balancers keep theirs (60 s), so that it
/// is they who close, and no request meets a closing connection.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long the head of a request may take.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a closing connection may take.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Threads of a worker that wait for the database or for files. Without a bound there come to be dozens, since one
/// that is about to be free doesn't count as free, and each keeps memory of its own.
const BLOCKING_THREADS: usize = 8;

/// Open files that are not clients' connections: the database, logs, the other port.
const OTHER_FILES: u64 = 256;
/// Most connections that one worker holds, however many files may be open.
const MAX_CONNECTIONS: usize = 25_000;

/// What the server is made of.
#[derive(Debug)]
pub struct Parts {
    /// Where it listens, bound already.
    pub listener: TcpListener,
    /// What it takes.
    pub http: HttpSettings,
    /// How often somebody may ask.
    pub limits: LimitSettings,
    /// Tells whose an access token is.
    pub tokens: Arc<dyn TokenCheck>,
    /// Members, and what they need.
    pub accounts: Arc<Accounts>,
    /// What it holds in memory.
    pub catalogue: CatalogueSettings,
    /// How long requests under way may take after the stop signal.
    pub drain: Duration,
    /// Where admins ask for synchronisations.
    pub syncs: Desk,
    /// The database; it may be down.
    pub pool: Pool,
    /// Where it says how it is.
    pub health: Health,
    /// Cancelled by the server once the schema of the database is up to date: what writes to the
    /// database waits for it.
    pub schema_ready: CancellationToken,
    /// When it is cancelled, the server stops accepting and finishes what is under way.
    pub stop: CancellationToken,
}

/// Serves until the stop signal, and follows the catalogue in the database meanwhile.
///
/// # Errors
/// When the listener can't be used.
pub async fn serve(parts: Parts) -> io::Result<()> {
    let current = Arc::new(Current::default());
    let refresher = Refresher::new(
        parts.pool.clone(),
        Arc::clone(&current),
        &parts.health,
        parts.schema_ready.clone(),
    );
    let refreshing = tokio::spawn(refresher.run(parts.catalogue.refresh, parts.stop.clone()));

    let stop = parts.stop.clone();
    let shared = shared_budgets(&parts.limits);
    let counting = shared
        .clone()
        .map(|shared| tokio::spawn(shared.keep_connected(stop.clone())));
    let following = accounts_tasks(&parts)?;
    let served = match listen(parts, current, shared) {
        Ok(server) => server.await,
        Err(error) => Err(error),
    };
    stop.cancel();
    if let Some(counting) = counting
        && counting.await.is_err()
    {
        tracing::error!("the task that keeps the connection to Redis ended by a panic");
    }
    for task in following {
        if task.await.is_err() {
            tracing::error!("a task of accounts ended by a panic");
        }
    }
    if refreshing.await.is_err() {
        tracing::error!("the task that follows the catalogue ended by a panic");
    }
    served
}

/// What accounts do beside requests: messages, ended sessions,
/// suspensions that are over, tidying up. All of it waits for the
/// schema.
fn accounts_tasks(parts: &Parts) -> io::Result<Vec<JoinHandle<()>>> {
    let accounts = &parts.accounts;
    let (ready, stop) = (&parts.schema_ready, &parts.stop);
    let after_schema = |work: Pin<Box<dyn Future<Output = ()> + Send>>| {
        let (ready, stop) = (ready.clone(), stop.clone());
        tokio::spawn(async move {
            if stop.run_until_cancelled(ready.cancelled()).await.is_some() {
                work.await;
            }
        })
    };
    let (pool, revoked) = (parts.pool.clone(), accounts.revoked());
    let stopped = stop.clone();
    let mut tasks = vec![after_schema(Box::pin(async move {
        revoked.follow(pool, stopped).await;
    }))];
    let (tidied, stopped) = (Arc::clone(accounts), stop.clone());
    tasks.push(after_schema(Box::pin(async move {
        tidied.tidy(stopped).await;
    })));
    let (reinstated, stopped) = (Arc::clone(accounts), stop.clone());
    tasks.push(after_schema(Box::pin(async move {
        reinstated.reinstate(stopped).await;
    })));
    let (sweeping, stopped) = (Arc::clone(accounts), stop.clone());
    tasks.push(after_schema(Box::pin(sweeping.sweep_images(stopped))));
    if let Some(unlinker) = Unlinker::new(Arc::clone(accounts)) {
        tasks.push(after_schema(Box::pin(unlinker.run(stop.clone()))));
    }
    if let Some(sens) = accounts.sens() {
        let sens = Sens::new(sens.clone()).map_err(io::Error::other)?;
        let sender = Sender::new(Arc::clone(accounts), sens);
        let (wake, stopped) = (accounts.wake(), stop.clone());
        tasks.push(after_schema(Box::pin(sender.run(wake, stopped))));
    } else {
        tracing::warn!("no SENS_… settings: no message is sent, so nobody can sign up");
    }
    if let Some(url) = accounts.chat_events() {
        let chat = ChatEvents::new(url.clone()).map_err(io::Error::other)?;
        let sender = StatementSender::new(Arc::clone(accounts), chat);
        tasks.push(after_schema(Box::pin(sender.run(stop.clone()))));
    }
    Ok(tasks)
}

/// Where instances count together: only where there are limits and a Redis.
fn shared_budgets(limits: &LimitSettings) -> Option<Arc<Shared>> {
    limits.rates.as_ref()?;
    let redis = limits.redis.clone()?;
    Some(Arc::new(Shared::new(redis, limits.redis_timeout)))
}

fn listen(parts: Parts, current: Arc<Current>, shared: Option<Arc<Shared>>) -> io::Result<Server> {
    let cache = parts.catalogue.document_cache_bytes;
    let marks = web::Data::new(MarkBook::new(
        Arc::clone(&parts.accounts),
        parts.pool.clone(),
    ));
    let together = Together::new(marks.clone().into_inner(), &parts.pool);
    let catalogue = web::Data::new(Catalogue::new(current, parts.pool, cache));
    let body_limit = web::Data::new(BodyLimit(parts.http.body_limit));
    let origins = parts.http.allowed_origins.iter().map(Origin::header);
    let origins = web::Data::new(AllowedOrigins::new(origins));
    let rates = parts.limits.rates.as_ref();
    let limiter = rates.map(|rates| Arc::new(Limiter::new(rates, shared)));
    let guard = web::Data::new(Guard::new(parts.tokens, limiter));
    let accounts = web::Data::from(parts.accounts);
    let syncs = web::Data::new(parts.syncs);
    let declared = web::Data::new(routes::addresses());
    let proxies = web::Data::new(parts.http.proxies.clone());
    let hsts = web::Data::new(parts.http.hsts);
    let document = web::Data::new(ApiDocumentText(api_document()?));
    let swagger = web::Data::new(SwaggerConfig::from(routes::API_DOCUMENT));
    let (assets, shell) = page()?;
    let closing = web::Data::new(Closing::new(parts.health, parts.stop.clone()));
    let workers = workers(&parts.http)?;
    let connections = connections(process::open_files()?, workers);
    #[cfg(feature = "bench")]
    let replays = crate::http::replay::Replays::default();
    let server = HttpServer::new(move || {
        let app = App::new()
            .app_data(catalogue.clone())
            .app_data(marks.clone())
            .app_data(web::Data::from(Arc::clone(&together)))
            .app_data(body_limit.clone())
            .app_data(origins.clone())
            .app_data(guard.clone())
            .app_data(accounts.clone())
            .app_data(syncs.clone())
            .app_data(declared.clone())
            .app_data(proxies.clone())
            .app_data(hsts.clone())
            .app_data(document.clone())
            .app_data(swagger.clone())
            .app_data(assets.clone())
            .app_data(shell.clone())
            .app_data(closing.clone())
            .configure(routes::configure);
        #[cfg(feature = "bench")]
        let app = app.configure(|config| crate::http::replay::configure(&replays, config));
        layered(app)
    })
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(HEAD_TIMEOUT)
    .client_disconnect_timeout(DISCONNECT_TIMEOUT)
    .disable_signals()
    .shutdown_timeout(parts.drain.saturating_sub(LEAVE).as_secs().max(1))
    .shutdown_signal(taken_leave(parts.stop))
    .workers(workers.get())
    .worker_max_blocking_threads(BLOCKING_THREADS)
    .max_connections(connections);
    Ok(server.listen(parts.listener)?.run())
}

/// The page's files, and its frame.
fn page() -> io::Result<(web::Data<Assets>, web::Data<Shell>)> {
    let assets = Assets::load()?;
    let shell = Shell::new(&assets)?;
    Ok((web::Data::new(assets), web::Data::new(shell)))
}

fn workers(settings: &HttpSettings) -> io::Result<NonZeroUsize> {
    settings.workers.map_or_else(available_parallelism, Ok)
}

/// How many connections a worker may hold, so that files are left for everything else: a server
/// without any can neither ask its database nor answer its health check.
fn connections(open_files: u64, workers: NonZeroUsize) -> usize {
    let rest = open_files.saturating_sub(OTHER_FILES).max(open_files / 2);
    usize::try_from(rest).map_or(MAX_CONNECTIONS, |rest| {
        (rest / workers).clamp(1, MAX_CONNECTIONS)
    })
}

/// The OpenAPI document as it is served.
///
/// # Errors
/// When it can't be written as JSON.
pub fn api_document() -> io::Result<String> {
    let mut text = ApiDocument::openapi()
        .to_pretty_json()
        .map_err(io::Error::other)?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::connections;

    #[test]
    fn connections_leave_files_for_the_rest() {
        let workers = NonZeroUsize::new(4).expect("not zero");
        assert_eq!(connections(20_000, workers), 4_936);
        assert_eq!(connections(300, workers), 37, "half of a small limit");
        assert_eq!(connections(0, workers), 1);
        assert_eq!(connections(u64::MAX, workers), 25_000);
    }
}
