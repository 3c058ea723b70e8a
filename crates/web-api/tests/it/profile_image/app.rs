//! A server whose pictures lie in a folder, or in a bucket.

use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use simulators::s3::{Config, Running, Simulator};

use crate::accounts_app::AccountsApp;
use crate::db_support::TestDb;
use crate::support::{Answer, TestApp};

/// Where pictures lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Store {
    Local,
    S3,
}

impl Store {
    pub(crate) const BOTH: [Self; 2] = [Self::Local, Self::S3];
}

/// What outlives a server.
pub(crate) struct Ground {
    /// Runs beside a folder as well, and is asked for nothing then.
    pub(crate) s3: Running,
    pub(crate) folder: tempfile::TempDir,
}

pub(crate) struct ImageApp {
    pub(crate) app: AccountsApp,
    pub(crate) store: Store,
    pub(crate) ground: Ground,
}

impl Ground {
    pub(crate) async fn new() -> Self {
        let s3 = Simulator::start(Config::default()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        Self { s3, folder }
    }

    /// The settings of a server on it.
    pub(crate) fn settings(&self, store: Store) -> Vec<(&'static str, String)> {
        let config = Config::default();
        let store = if store == Store::S3 { "s3" } else { "local" };
        vec![
            ("DATA_DIR", self.folder.path().to_str().unwrap().to_owned()),
            ("IMAGE_STORE", store.to_owned()),
            ("S3_ENDPOINT", self.s3.base_url.clone()),
            ("S3_PATH_STYLE", "true".to_owned()),
            ("S3_REGION", config.region),
            ("S3_BUCKET", config.bucket),
            ("S3_ACCESS_KEY", config.access_key),
            ("S3_SECRET_KEY", config.secret_key),
        ]
    }
}

impl ImageApp {
    pub(crate) async fn on(db: &TestDb, store: Store) -> Self {
        Self::over(db, store, Ground::new().await).await
    }

    /// On what another server left.
    pub(crate) async fn over(db: &TestDb, store: Store, ground: Ground) -> Self {
        let settings = ground.settings(store);
        let settings: Vec<_> = settings
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let app = AccountsApp::with(db, &settings).await;
        Self { app, store, ground }
    }

    pub(crate) async fn stop(self) -> Ground {
        self.app.stop().await;
        self.ground
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        self.app.advance(by);
        self.ground.s3.handle.clock.move_by(by);
    }

    /// A new member, signed in. Both stores' servers may share a database.
    pub(crate) async fn member(&self, number: u32) -> Value {
        let store = u32::from(self.store == Store::S3);
        self.app
            .member(
                &format!("haneul{store}{number}"),
                &format!("하늘{store}{number}"),
                &format!("010234567{store}{number}"),
            )
            .await
    }

    pub(crate) async fn call(
        &self,
        signed: &Value,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        self.app.as_member(signed, method, path, body).await
    }

    pub(crate) async fn permit(&self, signed: &Value, kind: &str, size: usize) -> Answer {
        let body = json!({"contentType": kind, "size": size});
        self.call(
            signed,
            Method::POST,
            "/me/profile-image/uploads",
            Some(body),
        )
        .await
    }

    pub(crate) async fn permitted(&self, signed: &Value, kind: &str, size: usize) -> Value {
        let answer = self.permit(signed, kind, size).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        assert_eq!(answer.header("cache-control"), "no-store");
        let upload = answer.json();
        assert_eq!(upload["method"], "PUT");
        upload
    }

    /// The request that an answer describes, without a body.
    pub(crate) fn upload_request(&self, upload: &Value) -> reqwest::RequestBuilder {
        let url = self.absolute(upload["url"].as_str().unwrap());
        let headers = upload["headers"].as_object().unwrap();
        let request = self.app.app.client.put(url);
        headers.iter().fold(request, |request, (name, value)| {
            request.header(name, value.as_str().unwrap())
        })
    }

    pub(crate) fn absolute(&self, url: &str) -> String {
        if url.starts_with('/') {
            format!("{}{url}", self.app.app.base)
        } else {
            url.to_owned()
        }
    }

    pub(crate) async fn send(&self, upload: &Value, bytes: &[u8]) -> StatusCode {
        let request = self.upload_request(upload).body(bytes.to_vec());
        request.send().await.unwrap().status()
    }

    /// Permitted and sent; gives the id.
    pub(crate) async fn uploaded(&self, signed: &Value, kind: &str, bytes: &[u8]) -> String {
        let upload = self.permitted(signed, kind, bytes.len()).await;
        let status = self.send(&upload, bytes).await;
        assert!(status.is_success(), "{status}");
        upload["uploadId"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn accept(&self, signed: &Value, id: &str) -> Answer {
        let body = json!({"uploadId": id});
        self.call(signed, Method::PUT, "/me/profile-image", Some(body))
            .await
    }

    /// The address of a picture that was accepted.
    pub(crate) async fn accepted(&self, signed: &Value, id: &str) -> String {
        let answer = self.accept(signed, id).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let url = answer.json()["profileImageUrl"]
            .as_str()
            .unwrap()
            .to_owned();
        assert_eq!(self.shown(signed).await, json!(url));
        url
    }

    pub(crate) async fn refused(&self, signed: &Value, id: &str, code: &str) {
        let answer = self.accept(signed, id).await;
        let problem = answer.assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["field"], "uploadId");
        assert_eq!(problem["errors"][0]["code"], code);
    }

    /// What the profile says.
    pub(crate) async fn shown(&self, signed: &Value) -> Value {
        let me = self.call(signed, Method::GET, "/me", None).await;
        me.json()["profileImageUrl"].clone()
    }

    /// Everything in the store, with the folder in front.
    pub(crate) fn stored(&self) -> Vec<String> {
        if self.store == Store::S3 {
            return self.ground.s3.handle.keys();
        }
        let mut all = Vec::new();
        for below in ["images", "uploads"] {
            let folder = self.ground.folder.path().join("images").join(below);
            for entry in std::fs::read_dir(folder).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                all.push(format!("{below}/{name}"));
            }
        }
        all
    }

    /// Waits until so many files are left below a folder of the store.
    pub(crate) async fn left(&self, below: &str, count: usize) {
        let what = format!("{count} files are left in {below}");
        let there = async |_: &TestApp| {
            let stored = self.stored();
            let names = stored.iter().filter(|file| file.starts_with(below));
            names.count() == count
        };
        self.app.app.wait_for(&what, there).await;
    }

    pub(crate) async fn picture(&self, url: &str) -> reqwest::Response {
        let url = self.absolute(url);
        self.app.app.client.get(url).send().await.unwrap()
    }
}
