//! The catalogue that a fresh start needs, loaded by the real synchronisation.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::Value;
use test_kit::http;
use test_kit::server::Builder;

use crate::run::fleet::Fleet;
use crate::say::say;

/// A search that finds something in the sample data as in the real data.
pub(super) const EXAMPLE: &str = "타이레놀";

/// Above `CATALOGUE_REFRESH_SECONDS`, after which a server shows what another process has loaded.
const SHOWN_DEADLINE: Duration = Duration::from_secs(30);
const REQUEST_LIMIT: Duration = Duration::from_secs(5);
const INTERVAL: Duration = Duration::from_millis(200);

/// Synchronises, and waits until the running server finds drugs.
///
/// Sample data is loaded at each start: it comes in a second and may have changed with the source. The real feed is
/// asked only where there is no catalogue yet, for it counts every call; after that the weekly schedule does.
pub(super) fn load(
    fleet: &mut Fleet<'_>,
    web_port: u16,
    sample: bool,
    sync: Builder,
) -> anyhow::Result<()> {
    if sample || count(web_port)? == 0 {
        say("Loading the catalogue (web-api sync)");
        if !fleet.run_beside(sync)? && count(web_port)? == 0 {
            bail!(
                "the synchronisation failed, and there is no older catalogue to show; its log above says why"
            );
        }
    }
    let end = Instant::now() + SHOWN_DEADLINE;
    while count(web_port)? == 0 {
        fleet.check()?;
        if Instant::now() >= end {
            bail!("the catalogue is loaded, and web-api didn't show it in {SHOWN_DEADLINE:?}");
        }
        std::thread::sleep(INTERVAL);
    }
    Ok(())
}

/// How many drugs the running server finds for the example. No catalogue yet is an answer of 503.
fn count(web_port: u16) -> anyhow::Result<u64> {
    let path = format!(
        "/api/v1/medicines?query={}&pageSize=1",
        percent_encoded(EXAMPLE)
    );
    let answer = http::get(web_port, &path, REQUEST_LIMIT).context("web-api doesn't answer")?;
    if answer.status == 503 {
        return Ok(0);
    }
    if !answer.is_success() {
        bail!(
            "web-api answers {} to a search: {}",
            answer.status,
            answer.body
        );
    }
    let body: Value = serde_json::from_str(&answer.body).context("web-api's answer isn't JSON")?;
    body.get("total")
        .and_then(Value::as_u64)
        .context("web-api's answer has no total")
}

fn percent_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_encoded_byte_by_byte() {
        assert_eq!(percent_encoded("가a"), "%EA%B0%80%61");
    }
}
