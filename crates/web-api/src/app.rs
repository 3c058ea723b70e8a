//! The server, put together in one place for `main` and for the tests.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::{App, HttpServer, web};
use service_kit::ops::Health;
use tokio_util::sync::CancellationToken;
use utoipa::OpenApi as _;
use utoipa_swagger_ui::Config as SwaggerConfig;

use crate::catalogue::{Catalogue, Current, Refresher};
use crate::db::Pool;
use crate::http::closing::{Closing, LEAVE, taken_leave};
use crate::http::cors::AllowedOrigins;
use crate::http::layers::layered;
use crate::http::limits::BodyLimit;
use crate::pages::api_document::ApiDocumentText;
use crate::routes::{self, ApiDocument};
use crate::settings::{CatalogueSettings, HttpSettings, Origin};

/// How long an idle connection stays open: longer than load balancers keep theirs (60 s), so that it
/// is they who close, and no request meets a closing connection.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long the head of a request may take.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a closing connection may take.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// What the server is made of.
#[derive(Debug)]
pub struct Parts {
    /// Where it listens, bound already.
    pub listener: TcpListener,
    /// What it takes.
    pub http: HttpSettings,
    /// What it holds in memory.
    pub catalogue: CatalogueSettings,
    /// How long requests under way may take after the stop signal.
    pub drain: Duration,
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
    let served = match listen(parts, current) {
        Ok(server) => server.await,
        Err(error) => Err(error),
    };
    stop.cancel();
    if refreshing.await.is_err() {
        tracing::error!("the task that follows the catalogue ended by a panic");
    }
    served
}

fn listen(parts: Parts, current: Arc<Current>) -> io::Result<Server> {
    let cache = parts.catalogue.document_cache_bytes;
    let catalogue = web::Data::new(Catalogue::new(current, parts.pool, cache));
    let body_limit = web::Data::new(BodyLimit(parts.http.body_limit));
    let origins = parts.http.allowed_origins.iter().map(Origin::header);
    let origins = web::Data::new(AllowedOrigins::new(origins));
    let document = web::Data::new(ApiDocumentText(api_document()?));
    let swagger = web::Data::new(SwaggerConfig::from(routes::API_DOCUMENT));
    let closing = web::Data::new(Closing::new(parts.health, parts.stop.clone()));
    let mut server = HttpServer::new(move || {
        let app = App::new()
            .app_data(catalogue.clone())
            .app_data(body_limit.clone())
            .app_data(origins.clone())
            .app_data(document.clone())
            .app_data(swagger.clone())
            .app_data(closing.clone())
            .configure(routes::configure);
        layered(app)
    })
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(HEAD_TIMEOUT)
    .client_disconnect_timeout(DISCONNECT_TIMEOUT)
    .disable_signals()
    .shutdown_timeout(parts.drain.saturating_sub(LEAVE).as_secs().max(1))
    .shutdown_signal(taken_leave(parts.stop));
    if let Some(workers) = parts.http.workers {
        server = server.workers(workers.get());
    }
    Ok(server.listen(parts.listener)?.run())
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
