//! A server in this process, started by the builder that `main` uses, on free ports.

use std::net::SocketAddr;
use std::time::Duration;

use chat_server::app::{self, Listeners, Parts};
use chat_server::settings::Settings;
use reqwest::{Client, Response};
use serde_json::Value;
use service_kit::ops::Health;
use service_kit::settings::Source;
use service_kit::shutdown::Shutdown;
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// Longest wait for anything that should happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Server {
    pub(crate) public: SocketAddr,
    pub(crate) operations: SocketAddr,
    pub(crate) client: Client,
    pub(crate) settings: Settings,
    shutdown: Shutdown,
    running: JoinHandle<anyhow::Result<()>>,
    _folder: TempDir,
}

impl Server {
    pub(crate) async fn start(more: &[(&str, &str)]) -> Self {
        Self::start_with(more, Parts::default()).await
    }

    pub(crate) async fn start_with(more: &[(&str, &str)], parts: Parts) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = folder.path().to_string_lossy().into_owned();
        let mut pairs = vec![
            ("DATA_DIR", data_dir.as_str()),
            ("CHAT_PORT", "0"),
            ("CHAT_OPS_PORT", "0"),
        ];
        pairs.extend_from_slice(more);
        let settings = Settings::load(Source::from_pairs(pairs)).unwrap().settings;
        let listeners = Listeners::bind(&settings).await.unwrap();
        let public = listeners.public.local_addr().unwrap();
        let operations = listeners.operations.local_addr().unwrap();
        let shutdown = Shutdown::without_signals();
        let stop = shutdown.clone();
        let own = settings.clone();
        let running = tokio::spawn(async move {
            app::run_with(&own, listeners, Health::new(), &stop, parts).await
        });
        Self {
            public,
            operations,
            client: client(),
            settings,
            shutdown,
            running,
            _folder: folder,
        }
    }

    /// Starts it and waits until it is ready.
    pub(crate) async fn ready() -> Self {
        let server = Self::start(&[]).await;
        server.until_status("ready").await;
        server
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.public)
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.client.get(self.url(path)).send().await.unwrap()
    }

    pub(crate) async fn operation(&self, path: &str) -> Response {
        let url = format!("http://{}{path}", self.operations);
        self.client.get(url).send().await.unwrap()
    }

    /// Waits until `/readyz` says so; gives its whole answer.
    pub(crate) async fn until_status(&self, wanted: &str) -> Value {
        let wait = async {
            loop {
                let report: Value = self.operation("/readyz").await.json().await.unwrap();
                if report["status"] == wanted {
                    return report;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, wait)
            .await
            .expect("the status in time")
    }

    /// Stops it and asserts that it ends by itself.
    pub(crate) async fn stop(self) {
        self.shutdown.trigger();
        tokio::time::timeout(PATIENCE, self.running)
            .await
            .expect("ends")
            .unwrap()
            .unwrap();
    }
}

pub(crate) fn client() -> Client {
    // Another test of this process may have installed it.
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder()
        .timeout(PATIENCE)
        .no_proxy()
        .build()
        .unwrap()
}

/// Asserts that an answer is a problem of this kind and gives it.
pub(crate) async fn problem(response: Response, status: u16, code: &str) -> Value {
    assert_eq!(response.status(), status);
    assert_eq!(
        response.headers()["content-type"],
        "application/problem+json"
    );
    let id = response.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["code"], code);
    assert_eq!(body["status"], status);
    assert_eq!(body["requestId"], id.as_str());
    body
}
