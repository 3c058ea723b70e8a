//! Clients of the object store that sign with other libraries than it checks with.

use std::time::Duration;

use reqwest::{Method, Response};
use ring::{digest, hmac};
use rusty_s3::{
    Bucket, Credentials, S3Action, UrlStyle,
    actions::{DeleteObject, GetObject, PutObject},
};
use simulators::s3::{Config, Running, Simulator};
use url::Url;

use crate::support::client;

/// How long addresses are valid.
pub(crate) const VALID: Duration = Duration::from_secs(600);

pub(crate) async fn start() -> Running {
    let config = Config {
        max_object_bytes: 1_000,
        capacity_bytes: 2_500,
        ..Config::default()
    };
    Simulator::start(config).await.unwrap()
}

/// Signs with a library that shares nothing with the stand-in.
pub(crate) struct Store {
    pub(crate) bucket: Bucket,
    pub(crate) credentials: Credentials,
}

impl Store {
    pub(crate) fn new(running: &Running) -> Self {
        let config = Config::default();
        Self::with(
            running,
            &config.bucket,
            &config.region,
            &config.access_key,
            &config.secret_key,
        )
    }

    pub(crate) fn with(
        running: &Running,
        bucket: &str,
        region: &str,
        key: &str,
        secret: &str,
    ) -> Self {
        let endpoint = format!("{}/", running.base_url).parse().unwrap();
        let (bucket, region) = (bucket.to_owned(), region.to_owned());
        Self {
            bucket: Bucket::new(endpoint, UrlStyle::Path, bucket, region).unwrap(),
            credentials: Credentials::new(key, secret),
        }
    }

    pub(crate) fn put(&self, key: &str, kind: &str, length: usize) -> Url {
        let mut action = PutObject::new(&self.bucket, Some(&self.credentials), key);
        action.headers_mut().insert("content-type", kind.to_owned());
        action
            .headers_mut()
            .insert("content-length", length.to_string());
        action.sign(VALID)
    }

    pub(crate) fn get(&self, key: &str) -> Url {
        GetObject::new(&self.bucket, Some(&self.credentials), key).sign(VALID)
    }

    pub(crate) fn delete(&self, key: &str) -> Url {
        DeleteObject::new(&self.bucket, Some(&self.credentials), key).sign(VALID)
    }
}

pub(crate) async fn upload(url: &Url, kind: &str, body: impl Into<reqwest::Body>) -> Response {
    let request = client().put(url.clone()).header("content-type", kind);
    request.body(body).send().await.unwrap()
}

/// Status and the error's code.
pub(crate) async fn refusal(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let kind = response.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    assert_eq!(kind, "application/xml");
    let xml = response.text().await.unwrap();
    assert!(xml.starts_with("<?xml version=\"1.0\""), "{xml}");
    let code = xml
        .split("<Code>")
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap();
    (status, code.to_owned())
}

pub(crate) fn because(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// Signs the headers of a request, as a server's own calls are.
pub(crate) async fn with_header(
    running: &Running,
    method: Method,
    body: &str,
    hash: &str,
    date: &str,
) -> Response {
    let Config {
        region,
        access_key,
        secret_key,
        bucket,
        ..
    } = Config::default();
    let path = format!("/s3/{bucket}/server/side");
    let host = running.address.to_string();
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let signed = "host;x-amz-content-sha256;x-amz-date;x-amz-meta-owner";
    let canonical = format!(
        "{method}\n{path}\n\nhost:{host}\nx-amz-content-sha256:{hash}\nx-amz-date:{date}\n\
         x-amz-meta-owner:a b\n\n{signed}\n{hash}"
    );
    let day = &date[..8];
    let scope = format!("{day}/{region}/s3/aws4_request");
    let digest = digest::digest(&digest::SHA256, canonical.as_bytes());
    let text = format!(
        "AWS4-HMAC-SHA256\n{date}\n{scope}\n{}",
        hex(digest.as_ref())
    );
    let mut key = format!("AWS4{secret_key}").into_bytes();
    for part in [day, &region, "s3", "aws4_request", &text] {
        let mac = hmac::Key::new(hmac::HMAC_SHA256, &key);
        key = hmac::sign(&mac, part.as_bytes()).as_ref().to_vec();
    }
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={access_key}/{scope}, SignedHeaders={signed}, Signature={}",
        hex(&key)
    );
    client()
        .request(method, format!("http://{host}{path}"))
        .header("authorization", authorization)
        .header("x-amz-date", date)
        .header("x-amz-content-sha256", hash)
        .header("x-amz-meta-owner", "a   b ")
        .body(body.to_owned())
        .send()
        .await
        .unwrap()
}
