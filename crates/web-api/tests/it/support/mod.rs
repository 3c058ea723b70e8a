//! The server as users meet it: real connections to the app that `main` runs.

pub(crate) mod clock;
pub(crate) mod sample;
pub(crate) mod seed;
pub(crate) mod tokens;

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;
use service_kit::ops::{Health, Readiness};
use service_kit::settings::{AppEnv, Reader, Source};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use web_api::accounts::{AccountSettings, Accounts};
use web_api::app::{self, Parts};
use web_api::db::Pool;
use web_api::mfds::desk::{Desk, desk};
use web_api::settings::{CatalogueSettings, HttpSettings, LimitSettings};

use crate::db_support::TestDb;
use clock::TestClock;
use seed::Seed;
use tokens::TestTokens;

/// Far longer than anything takes: a test that waits so long has failed.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// A running server; stopped when the test ends.
pub(crate) struct TestApp {
    pub(crate) base: String,
    pub(crate) health: Health,
    pub(crate) pool: Pool,
    pub(crate) client: reqwest::Client,
    /// Deleted after the server, which is stopped by its token.
    pub(crate) database: Option<TestDb>,
    /// The clock of accounts.
    pub(crate) clock: Arc<TestClock>,
    pub(crate) accounts: Arc<Accounts>,
    folder: tempfile::TempDir,
    stop: CancellationToken,
    serving: JoinHandle<std::io::Result<()>>,
}

/// One answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Asserts that it is a problem of this status and code, complete in its form.
    #[track_caller]
    pub(crate) fn assert_problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["requestId"], self.header("x-request-id"));
        assert!(problem["type"].as_str().unwrap().ends_with(code));
        for text in ["title", "detail"] {
            assert!(!problem[text].as_str().unwrap().is_empty());
        }
        problem
    }
}

/// The names of a list's items, in order.
pub(crate) fn names(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["name"].as_str().unwrap())
        .collect()
}

impl TestApp {
    /// A server on the sample catalogue, which it has loaded.
    pub(crate) async fn start() -> Self {
        Self::with(&sample::catalogue()).await
    }

    /// A server on this catalogue, which it has loaded.
    pub(crate) async fn with(seed: &Seed) -> Self {
        let database = TestDb::sqlite();
        let pool = database.migrated().await;
        seed.write(&pool).await;
        let mut app = Self::on(pool, &[]);
        app.database = Some(database);
        app.wait_for("the catalogue is loaded", async |app: &Self| {
            app.get("/api/v1/medicine-types").await.status == StatusCode::OK
        })
        .await;
        app
    }

    /// A server on a database that may be empty or down.
    pub(crate) fn on(pool: Pool, settings: &[(&str, &str)]) -> Self {
        // Nobody synchronises here.
        Self::with_desk(pool, settings, desk().0)
    }

    /// The same, where synchronisations are asked for at this desk.
    pub(crate) fn with_desk(pool: Pool, settings: &[(&str, &str)], syncs: Desk) -> Self {
        // Another test of this process may have installed it.
        drop(rustls::crypto::ring::default_provider().install_default());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let defaults = [
            ("WEB_WORKERS", "2"),
            ("CATALOGUE_REFRESH_SECONDS", "1"),
            // Tests ask more than people do, all from one address.
            ("RATE_LIMITS", "off"),
        ];
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_str().unwrap();
        let fast = [("PASSWORD_COST", "4"), ("DATA_DIR", data)];
        // Of a setting that stands twice the later one counts.
        let pairs = defaults.iter().chain(&fast).chain(settings).copied();
        let mut reader = Reader::new(Source::from_pairs(pairs));
        let clock = Arc::new(TestClock::default());
        let account_settings = AccountSettings::read(&mut reader, AppEnv::Development);
        let accounts = Accounts::open(account_settings, pool.clone(), clock.clone()).unwrap();
        let accounts = Arc::new(accounts);
        let health = Health::new();
        let stop = CancellationToken::new();
        let parts = Parts {
            listener,
            http: HttpSettings::read(&mut reader),
            limits: LimitSettings::read(&mut reader, AppEnv::Development),
            tokens: Arc::new(TestTokens(accounts.revoked())),
            accounts: Arc::clone(&accounts),
            catalogue: CatalogueSettings::read(&mut reader),
            drain: Duration::from_secs(5),
            syncs,
            pool: pool.clone(),
            health: health.clone(),
            schema_ready: CancellationToken::new(),
            stop: stop.clone(),
        };
        reader.finish(()).unwrap();
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(DEADLINE)
            .build()
            .unwrap();
        Self {
            base,
            health,
            pool,
            client,
            database: None,
            clock,
            accounts,
            folder,
            stop,
            serving: tokio::spawn(app::serve(parts)),
        }
    }

    /// What the server keeps on this machine.
    pub(crate) fn data_dir(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// A request; `path` stands as it is sent.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        Answer {
            status: response.status(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// The JSON of an answer that must be 200.
    #[track_caller]
    pub(crate) fn read(&self, path: &str) -> impl Future<Output = Value> {
        let request = self.request(Method::GET, path);
        async move {
            let answer = self.send(request).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
            answer.json()
        }
    }

    /// A search with these query parameters.
    pub(crate) async fn search(&self, parameters: &[(&str, &str)]) -> Value {
        let request = self
            .request(Method::GET, "/api/v1/medicines")
            .query(parameters);
        let answer = self.send(request).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()
    }

    /// A call of an admin, by the token of a persona.
    pub(crate) async fn as_persona(
        &self,
        persona: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = self.request(method, &format!("/api/v1{path}"));
        request = request.bearer_auth(persona);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        self.send(request).await
    }

    pub(crate) async fn get_owned(&self, path: String) -> Answer {
        self.get(&path).await
    }

    pub(crate) async fn suggest_ingredients(&self, query: &str) -> Value {
        let request = self.request(Method::GET, "/api/v1/ingredients/suggest");
        self.send(request.query(&[("query", query)])).await.json()
    }

    /// Makes users wish medicines.
    pub(crate) async fn wish(&self, wishes: &[(i64, i64)]) {
        let wishes = wishes.to_vec();
        let write = move |db: &mut web_api::db::Db| {
            for (user, medicine) in wishes {
                let medicine = domain::catalogue::MedicineId::new(medicine).unwrap();
                let user = crate::accounts_support::member(db, user);
                web_api::wishes::store::add(db, user, medicine)?;
            }
            Ok(())
        };
        self.pool.run(write).await.unwrap();
    }

    /// Where it keeps its keys; another one with the same `DATA_DIR` reads what this one wrote.
    pub(crate) fn data_folder(&self) -> String {
        self.folder.path().to_str().unwrap().to_owned()
    }

    pub(crate) fn readiness(&self) -> Readiness {
        self.health.readiness()
    }

    /// Asks until the condition holds.
    pub(crate) async fn wait_for(&self, what: &str, mut condition: impl AsyncFnMut(&Self) -> bool) {
        let begun = std::time::Instant::now();
        while !condition(self).await {
            assert!(begun.elapsed() < DEADLINE, "waited in vain: {what}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Stops it and waits until it has ended.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.serving.await.unwrap().unwrap();
    }
}

/// What an item marks, cut out as a browser does.
pub(crate) fn marked(item: &Value, text: &str, marks: &str) -> Vec<String> {
    let units: Vec<u16> = item[text]
        .as_str()
        .unwrap_or_default()
        .encode_utf16()
        .collect();
    let spans = item[marks].as_array().unwrap().iter();
    let at = |span: &Value, end: &str| usize::try_from(span[end].as_u64().unwrap()).unwrap();
    spans
        .map(|span| String::from_utf16(&units[at(span, "start")..at(span, "end")]).unwrap())
        .collect()
}
