//! Calls to providers: limited in time and size, following nobody elsewhere.

use std::pin::Pin;
use std::time::Duration;

use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::redirect;
use reqwest::{Client, RequestBuilder};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Longest answer that is read: keys of a provider have some kilobytes.
const LONGEST: usize = 64 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// A provider's HTTP.
#[derive(Debug, Clone)]
pub(crate) struct Http(Client);

/// Why there is no answer. URLs, which may hold tokens, are never part of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// Nobody answered, or not in time.
    #[error("the provider can't be reached")]
    Network(#[source] reqwest::Error),
    /// Another status than expected.
    #[error("the provider answers {0}")]
    Status(u16),
    /// Too long, or of another form than documented.
    #[error("the provider's answer can't be read")]
    Unreadable,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// `max-age` of `Cache-Control`.
    pub(crate) max_age: Option<u64>,
    body: Vec<u8>,
}

impl Answer {
    /// The JSON of it.
    ///
    /// # Errors
    /// [`CallError::Unreadable`].
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, CallError> {
        serde_json::from_slice(&self.body).map_err(|_| CallError::Unreadable)
    }
}

impl Http {
    /// With this time limit for one call.
    ///
    /// # Errors
    /// Where the TLS set-up fails.
    pub(crate) fn new(timeout: Duration) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT.min(timeout))
            .timeout(timeout)
            .redirect(redirect::Policy::none())
            .referer(false)
            .user_agent(concat!("pillnuts/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self(client))
    }

    pub(crate) fn get(&self, url: url::Url) -> RequestBuilder {
        self.0.get(url)
    }

    /// A form, in the body: addresses end up in logs.
    pub(crate) fn post_form(&self, url: url::Url, form: &[(&str, &str)]) -> RequestBuilder {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        self.0
            .post(url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
    }

    /// Sends it and reads the answer.
    ///
    /// # Errors
    /// [`CallError`], not for a status.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Answer, CallError> {
        let network = |error: reqwest::Error| CallError::Network(error.without_url());
        let mut response = request.send().await.map_err(network)?;
        let status = response.status().as_u16();
        let cache = response.headers().get("cache-control");
        let max_age = cache
            .and_then(|value| value.to_str().ok())
            .and_then(max_age);
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(network)? {
            if body.len().saturating_add(chunk.len()) > LONGEST {
                return Err(CallError::Unreadable);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            status,
            max_age,
            body,
        })
    }

    /// A request as the OAuth library makes it. Naver says what is wrong with status 200, where the
    /// library expects a token: an answer with an `error` in it becomes 400 (RFC 6749, 5.2).
    ///
    /// # Errors
    /// [`CallError`].
    async fn for_oauth(&self, request: HttpRequest) -> Result<HttpResponse, CallError> {
        let (parts, body) = request.into_parts();
        let unreadable = |_| CallError::Unreadable;
        let url = url::Url::parse(&parts.uri.to_string()).map_err(unreadable)?;
        let mut request = self.0.request(parts.method, url).body(body);
        for (name, value) in &parts.headers {
            request = request.header(name, value);
        }
        let answer = self.send(request).await?;
        if answer.status >= 500 || answer.status == 429 {
            return Err(CallError::Status(answer.status));
        }
        let error = |body: &Value| body.get("error").is_some();
        let value: Value = answer.json()?;
        let status = match answer.status {
            200 if error(&value) => 400,
            status => status,
        };
        oauth2::http::Response::builder()
            .status(status)
            .header("content-type", "application/json")
            .body(answer.body)
            .map_err(|_| CallError::Unreadable)
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = CallError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, CallError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.for_oauth(request))
    }
}

fn max_age(cache: &str) -> Option<u64> {
    let mut parts = cache.split(',');
    parts.find_map(|part| part.trim().strip_prefix("max-age=")?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::max_age;

    #[test]
    fn the_age_is_found_among_other_directives() {
        assert_eq!(
            max_age("public, max-age=19008, must-revalidate"),
            Some(19_008)
        );
        assert_eq!(max_age("max-age=0"), Some(0));
        for none in ["", "no-store", "max-age=", "max-age=-1", "s-maxage=5"] {
            assert_eq!(max_age(none), None, "{none}");
        }
    }
}
