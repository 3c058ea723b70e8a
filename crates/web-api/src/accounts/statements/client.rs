//! Chat-server's endpoint for statements.

use std::fmt;
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::{StatusCode, redirect};
use url::Url;

/// One request with its answer; chat-server stores what it is told before it answers.
const TIMEOUT: Duration = Duration::from_secs(10);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// The body is the JWS itself (RFC 7519, 10.3.1).
const MEDIA_TYPE: &str = "application/jwt";

/// A client of the endpoint.
pub struct ChatEvents {
    http: reqwest::Client,
    url: Url,
}

/// Why nobody acknowledged. Holds nothing of the statement.
#[derive(Debug, thiserror::Error)]
pub enum TellError {
    /// Nobody answered, or not in time.
    #[error("chat-server can't be reached")]
    Network(#[source] reqwest::Error),
    /// Another status than 2xx.
    #[error("chat-server answers {0}")]
    Status(StatusCode),
}

impl ChatEvents {
    /// A client of the endpoint at this address.
    ///
    /// # Errors
    /// Where the TLS set-up fails.
    pub fn new(url: Url) -> Result<Self, TellError> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .redirect(redirect::Policy::none())
            .referer(false)
            .user_agent(concat!("pillnuts/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(TellError::Network)?;
        Ok(Self { http, url })
    }

    /// Sends a signed statement; done is what was answered by 2xx. The body of the answer isn't read.
    ///
    /// # Errors
    /// [`TellError`]; it may have been heard all the same.
    pub async fn tell(&self, signed: String) -> Result<(), TellError> {
        let request = self
            .http
            .post(self.url.clone())
            .header(CONTENT_TYPE, MEDIA_TYPE)
            .body(signed);
        let response = request
            .send()
            .await
            .map_err(|error| TellError::Network(error.without_url()))?;
        let status = response.status();
        if status.is_success() {
            Ok(())
        } else {
            Err(TellError::Status(status))
        }
    }
}

impl fmt::Debug for ChatEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatEvents")
            .field("url", &self.url.as_str())
            .finish_non_exhaustive()
    }
}
