//! Files in a bucket, by addresses that are signed for one request (AWS Signature Version 4, in the
//! query). The same signing permits a browser's upload and our own calls.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;
use jiff::Timestamp;
use reqwest::{Response, StatusCode, redirect};
use rusty_s3::actions::{DeleteObject, GetObject, PutObject};
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};
use secrecy::ExposeSecret as _;
use url::Url;

use super::files::{FileError, Target, VALID};
use super::settings::S3Settings;

/// One request with its answer.
const TIMEOUT: Duration = Duration::from_secs(10);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long our own addresses are good: clocks may differ a little.
const OWN: Duration = Duration::from_secs(120);
/// Tries of one call: a bucket that is asked too much says so.
const TRIES: u32 = 2;
/// Before the second one.
const PAUSE: Duration = Duration::from_millis(200);
/// Pictures never change: caches may keep them.
const KEPT: &str = "public, max-age=31536000, immutable";

/// A bucket.
pub(crate) struct S3 {
    http: reqwest::Client,
    bucket: Bucket,
    credentials: Credentials,
    public_url: Option<Url>,
}

impl std::fmt::Debug for S3 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("S3")
            .field("bucket", &self.bucket.base_url().as_str())
            .finish_non_exhaustive()
    }
}

impl S3 {
    pub(crate) fn new(settings: &S3Settings) -> Result<Self, FileError> {
        let style = if settings.path_style {
            UrlStyle::Path
        } else {
            UrlStyle::VirtualHost
        };
        let bucket = Bucket::new(
            settings.endpoint.clone(),
            style,
            settings.bucket.clone(),
            settings.region.clone(),
        )
        .map_err(|error| FileError::Setup(error.into()))?;
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .redirect(redirect::Policy::none())
            .referer(false)
            .http1_only()
            .no_gzip()
            .user_agent(concat!("pillnuts/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(FileError::Network)?;
        Ok(Self {
            http,
            bucket,
            credentials: Credentials::new(
                settings.access_key.clone(),
                settings.secret_key.expose_secret().to_owned(),
            ),
            public_url: settings.public_url.clone(),
        })
    }

    pub(crate) fn public_url(&self) -> Option<&Url> {
        self.public_url.as_ref()
    }

    /// A permission to write one file once: type and length are signed, and so is the condition
    /// that nothing is there yet.
    pub(crate) fn permit(
        &self,
        file: &str,
        content_type: &str,
        size: u32,
        now: DateTime<Utc>,
    ) -> Result<Target, FileError> {
        let headers = vec![
            ("Content-Type", content_type.to_owned()),
            ("If-None-Match", "*".to_owned()),
        ];
        let mut action = PutObject::new(&self.bucket, Some(&self.credentials), file);
        for (name, value) in &headers {
            action
                .headers_mut()
                .insert(name.to_ascii_lowercase(), value.clone());
        }
        action
            .headers_mut()
            .insert("content-length", size.to_string());
        let valid = VALID.to_std().map_err(|_| FileError::Answer)?;
        let url = action.sign_with_time(valid, &timestamp(now)?).to_string();
        Ok(Target { url, headers })
    }

    pub(crate) async fn read(
        &self,
        file: &str,
        most: usize,
        now: DateTime<Utc>,
    ) -> Result<Option<Bytes>, FileError> {
        let action = GetObject::new(&self.bucket, Some(&self.credentials), file);
        let url = action.sign_with_time(OWN, &timestamp(now)?);
        let answer = self.ask(|| self.http.get(url.clone())).await?;
        match answer.status() {
            StatusCode::OK => body(answer, most).await.map(Some),
            StatusCode::NOT_FOUND => Ok(None),
            status => Err(FileError::Status(status)),
        }
    }

    pub(crate) async fn write(
        &self,
        file: &str,
        bytes: Bytes,
        content_type: &str,
        now: DateTime<Utc>,
    ) -> Result<(), FileError> {
        let mut action = PutObject::new(&self.bucket, Some(&self.credentials), file);
        action
            .headers_mut()
            .insert("content-type", content_type.to_owned());
        action.headers_mut().insert("cache-control", KEPT);
        let url = action.sign_with_time(OWN, &timestamp(now)?);
        let request = || {
            self.http
                .put(url.clone())
                .header("content-type", content_type)
                .header("cache-control", KEPT)
                .body(bytes.clone())
        };
        match self.ask(request).await?.status() {
            StatusCode::OK => Ok(()),
            status => Err(FileError::Status(status)),
        }
    }

    pub(crate) async fn delete(&self, file: &str, now: DateTime<Utc>) -> Result<(), FileError> {
        let action = DeleteObject::new(&self.bucket, Some(&self.credentials), file);
        let url = action.sign_with_time(OWN, &timestamp(now)?);
        match self.ask(|| self.http.delete(url.clone())).await?.status() {
            StatusCode::OK | StatusCode::NO_CONTENT | StatusCode::NOT_FOUND => Ok(()),
            status => Err(FileError::Status(status)),
        }
    }

    /// Asks, and once more where that may help: all of these calls may be made twice.
    async fn ask(
        &self,
        request: impl Fn() -> reqwest::RequestBuilder,
    ) -> Result<Response, FileError> {
        let mut tried = 1;
        loop {
            let answer = request().send().await;
            let again = match &answer {
                Ok(answer) => {
                    answer.status().is_server_error()
                        || answer.status() == StatusCode::TOO_MANY_REQUESTS
                }
                // Who was slow once has had his time.
                Err(error) => !error.is_timeout(),
            };
            if !again || tried >= TRIES {
                // The address of the error is signed: nobody may see it.
                return answer.map_err(|error| FileError::Network(error.without_url()));
            }
            tried += 1;
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// The whole body, if it isn't too long.
async fn body(answer: Response, most: usize) -> Result<Bytes, FileError> {
    let announced = answer.content_length();
    if announced.is_some_and(|length| usize::try_from(length).map_or(true, |length| length > most))
    {
        return Err(FileError::Answer);
    }
    let mut bytes = Vec::new();
    let mut chunks = answer.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| FileError::Network(error.without_url()))?;
        if bytes.len().saturating_add(chunk.len()) > most {
            return Err(FileError::Answer);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.into())
}

fn timestamp(now: DateTime<Utc>) -> Result<Timestamp, FileError> {
    Timestamp::from_second(now.timestamp()).map_err(|error| FileError::Setup(error.into()))
}
