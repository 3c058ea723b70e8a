//! A client of the SENS stand-in that signs with another library than the stand-in checks with.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::Utc;
use reqwest::{Method, RequestBuilder, StatusCode};
use ring::hmac;
use serde_json::{Value, json};
use simulators::sms::{Config, Running, Simulator};

use crate::support::client;

pub(crate) async fn start() -> Running {
    Simulator::start(Config::default()).await.unwrap()
}

/// Who signs, and when.
pub(crate) struct Signer {
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
    pub(crate) millis: i64,
}

impl Default for Signer {
    fn default() -> Self {
        let config = Config::default();
        Self {
            access_key: config.access_key,
            secret_key: config.secret_key,
            millis: Utc::now().timestamp_millis(),
        }
    }
}

impl Signer {
    pub(crate) fn request(&self, running: &Running, method: Method, path: &str) -> RequestBuilder {
        let service = Config::default().service_id;
        let path = format!("/sms/v2/services/{service}/messages{path}");
        let text = format!("{method} {path}\n{}\n{}", self.millis, self.access_key);
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.secret_key.as_bytes());
        let signature = STANDARD.encode(hmac::sign(&key, text.as_bytes()));
        client()
            .request(method, format!("{}{path}", running.base_url))
            .header("x-ncp-apigw-timestamp", self.millis.to_string())
            .header("x-ncp-iam-access-key", &self.access_key)
            .header("x-ncp-apigw-signature-v2", signature)
    }
}

pub(crate) fn message(to: &str, content: &str) -> Value {
    json!({
        "type": "SMS",
        "from": "0212345678",
        "content": content,
        "messages": [{"to": to}],
    })
}

pub(crate) async fn post(
    running: &Running,
    body: &Value,
) -> Result<(StatusCode, Value), reqwest::Error> {
    answer(
        Signer::default()
            .request(running, Method::POST, "")
            .json(body),
    )
    .await
}

pub(crate) async fn get(running: &Running, path: &str) -> (StatusCode, Value) {
    answer(Signer::default().request(running, Method::GET, path))
        .await
        .unwrap()
}

pub(crate) async fn answer(request: RequestBuilder) -> Result<(StatusCode, Value), reqwest::Error> {
    let response = request.send().await?;
    let status = response.status();
    let text = response.text().await?;
    Ok((
        status,
        serde_json::from_str(&text).unwrap_or(Value::String(text)),
    ))
}
