//! The client of the open API: one page of an operation at a time, with retries.

mod envelope;
mod error;
mod foreign;
mod key;

pub use envelope::Page;
pub use error::FeedError;
pub use key::ServiceKey;

use std::sync::Arc;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::redirect;

use super::{MfdsSettings, Operation};

/// Records a page: the service's cap.
pub const PAGE_ROWS: u32 = 100;

/// The longest answer that is read: a hundred products with long documents have some 10 MB.
const BODY_LIMIT: usize = 48 * 1024 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// What the service asks to wait is respected up to here; a longer pause is for a later run.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// Reads pages; clones share connections.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    settings: Arc<MfdsSettings>,
    key: ServiceKey,
}

impl Client {
    /// A client of these settings.
    ///
    /// # Errors
    /// [`FeedError::NoKey`] without a key; [`FeedError::Network`] where the TLS set-up fails.
    pub fn new(settings: &MfdsSettings) -> Result<Self, FeedError> {
        let key = settings.service_key.clone().ok_or(FeedError::NoKey)?;
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(settings.timeout)
            // The key is in the URL: a redirect would carry it elsewhere.
            .redirect(redirect::Policy::none())
            .referer(false)
            .http1_only()
            .pool_max_idle_per_host(settings.concurrent_pages)
            .user_agent(concat!("pillnuts/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(FeedError::network)?;
        Ok(Self {
            http,
            settings: Arc::new(settings.clone()),
            key,
        })
    }

    /// Requests at the same time, at most.
    #[must_use]
    pub fn concurrent_pages(&self) -> usize {
        self.settings.concurrent_pages
    }

    /// Asks for a page (from 1) and gives it to `read`, on a blocking thread.
    ///
    /// What may pass is asked for again, with growing pauses. A page that has fewer records than its
    /// total promises is one of these; after the last attempt it is taken as it is and says so
    /// ([`Page::missing`]).
    ///
    /// # Errors
    /// The last attempt's [`FeedError`].
    pub async fn page<R, F>(&self, operation: Operation, page: u32, read: F) -> Result<R, FeedError>
    where
        R: Send + 'static,
        F: Fn(Page<'_>) -> R + Clone + Send + 'static,
    {
        let pauses = ExponentialBuilder::default()
            .with_jitter()
            .with_min_delay(self.settings.first_pause)
            .with_max_delay(LONGEST_PAUSE)
            .with_max_times(self.settings.attempts.saturating_sub(1));
        let attempt = || self.attempt(operation, page, false, read.clone());
        let result = attempt
            .retry(pauses)
            .when(FeedError::may_pass)
            .adjust(|error, pause| {
                let asked = error.retry_after().unwrap_or_default().min(LONGEST_WAIT);
                pause.map(|pause| pause.max(asked))
            })
            .notify(|error, pause| {
                metrics::counter!("mfds_retries_total", "operation" => operation.name()).increment(1);
                tracing::info!(%operation, page, %error, pause_ms = pause.as_millis(), "a page is asked for again");
            })
            .await;
        match result {
            Err(FeedError::FewerRecords { .. }) => self.attempt(operation, page, true, read).await,
            other => other,
        }
    }

    async fn attempt<R, F>(
        &self,
        operation: Operation,
        page: u32,
        take_short: bool,
        read: F,
    ) -> Result<R, FeedError>
    where
        R: Send + 'static,
        F: Fn(Page<'_>) -> R + Send + 'static,
    {
        let answer = self.fetch(operation, page).await?;
        let key = self.key.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let parsed = envelope::read(&answer, page, &key)?;
            match parsed.missing() {
                _ if parsed.is_void() => Err(FeedError::Void),
                0 => Ok(read(parsed)),
                _ if take_short => Ok(read(parsed)),
                _ => Err(parsed.fewer_records()),
            }
        });
        match reading.await {
            Ok(result) => result,
            Err(failed) if failed.is_panic() => std::panic::resume_unwind(failed.into_panic()),
            Err(_) => Err(FeedError::Stopped),
        }
    }

    async fn fetch(&self, operation: Operation, page: u32) -> Result<envelope::Answer, FeedError> {
        let mut url = self.settings.base_url.clone();
        let path = format!(
            "{}/{}",
            url.path().trim_end_matches('/'),
            self.settings.path(operation)
        );
        url.set_path(&path);
        url.query_pairs_mut()
            .append_pair("serviceKey", self.key.expose())
            .append_pair("pageNo", &page.to_string())
            .append_pair("numOfRows", &PAGE_ROWS.to_string())
            .append_pair("type", "json");
        let mut response = self
            .http
            .get(url)
            .send()
            .await
            .map_err(FeedError::network)?;
        let header = |name| {
            response
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let html = header(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("text/html"));
        let retry_after = header(RETRY_AFTER)
            .and_then(|text| text.parse().ok())
            .map(Duration::from_secs);
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(FeedError::network)? {
            if body.len() + chunk.len() > BODY_LIMIT {
                return Err(FeedError::TooLong { limit: BODY_LIMIT });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(envelope::Answer {
            status,
            html,
            retry_after,
            body,
        })
    }
}
