//! A client of the stand-in.

use std::{path::PathBuf, sync::Once, time::Duration};

use reqwest::{Client, StatusCode};
use serde_json::Value;
use simulators::mfds::{Catalogue, Faults, Operation, Running, Simulator};

static CRYPTO: Once = Once::new();

/// How long an answer may take, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);
/// How long a test waits for an answer that never comes.
const BRIEFLY: Duration = Duration::from_millis(800);

/// A client of the stand-in.
pub(crate) fn client() -> Client {
    client_with(PATIENCE)
}

/// A client that doesn't wait long and doesn't follow redirects.
pub(crate) fn hasty_client() -> Client {
    client_with(BRIEFLY)
}

/// An error and its causes as one text.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(&format!(": {inner}"));
        cause = inner.source();
    }
    text
}

/// Waits until something holds, which it must soon.
pub(crate) async fn eventually<F: Future<Output = bool>>(mut holds: impl FnMut() -> F) {
    let wait = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.unwrap();
}

fn client_with(timeout: Duration) -> Client {
    // Another test of this process may have installed it already.
    CRYPTO.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    Client::builder()
        .timeout(timeout)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

/// An answer as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) kind: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn items(&self) -> Vec<Value> {
        self.json()["body"]["items"].as_array().unwrap().clone()
    }

    pub(crate) fn total(&self) -> u64 {
        self.json()["body"]["totalCount"].as_u64().unwrap()
    }

    pub(crate) fn seqs(&self, operation: Operation) -> Vec<String> {
        let seq = |item: &Value| {
            item[operation.item_seq_field()]
                .as_str()
                .unwrap()
                .to_owned()
        };
        self.items().iter().map(seq).collect()
    }
}

/// Asks for something; `query` follows the key and `type=json`.
pub(crate) async fn ask(
    running: &Running,
    operation: Operation,
    query: &str,
) -> Result<Answer, reqwest::Error> {
    ask_raw(
        running,
        operation,
        &format!("serviceKey=k&type=json&{query}"),
    )
    .await
}

/// Asks with exactly this query.
pub(crate) async fn ask_raw(
    running: &Running,
    operation: Operation,
    query: &str,
) -> Result<Answer, reqwest::Error> {
    ask_with(&client(), running, operation, query).await
}

/// Asks, but doesn't wait long for the answer.
pub(crate) async fn ask_briefly(
    running: &Running,
    operation: Operation,
) -> Result<Answer, reqwest::Error> {
    let query = "serviceKey=k&type=json";
    ask_with(&client_with(BRIEFLY), running, operation, query).await
}

async fn ask_with(
    client: &Client,
    running: &Running,
    operation: Operation,
    query: &str,
) -> Result<Answer, reqwest::Error> {
    let url = format!("{}/{}?{query}", running.base_url, operation.path());
    let response = client.get(url).send().await?;
    let status = response.status();
    let kind = response.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    let body = response.bytes().await?.to_vec();
    Ok(Answer { status, kind, body })
}

pub(crate) async fn sample_with(faults: Faults) -> Running {
    Simulator::start(Catalogue::sample(), faults).await.unwrap()
}

/// Captures of the real service, where they are at hand.
pub(crate) fn captures() -> Option<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/mfds");
    let folder = PathBuf::from(folder);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no captures at {}", folder.display());
    None
}

/// An operation's rows of a catalogue as JSON.
pub(crate) fn rows(catalogue: &Catalogue, operation: Operation) -> Vec<Value> {
    catalogue
        .raw_rows(operation)
        .map(|row| serde_json::from_slice(&row).unwrap())
        .collect()
}

/// The names of a raw JSON object's fields in their order.
pub(crate) fn field_names(raw: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0;
    let mut rest = raw.char_indices().peekable();
    while let Some((start, character)) = rest.next() {
        match character {
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            '"' => {
                let mut end = start;
                while let Some((index, inner)) = rest.next() {
                    match inner {
                        '\\' => drop(rest.next()),
                        '"' => {
                            end = index;
                            break;
                        }
                        _ => {}
                    }
                }
                while rest.next_if(|(_, space)| space.is_whitespace()).is_some() {}
                if depth == 1 && rest.peek().is_some_and(|(_, next)| *next == ':') {
                    names.push(raw[start + 1..end].to_owned());
                }
            }
            _ => {}
        }
    }
    names
}
