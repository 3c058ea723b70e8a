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
/// How long to wait for another runner's catalogue before asking again for our turn.
const BUSY_WAIT: Duration = Duration::from_secs(2);
const REQUEST_LIMIT: Duration = Duration::from_secs(5);
const INTERVAL: Duration = Duration::from_millis(200);

/// `web-api sync` ends with it when another process is synchronising.
const BUSY: i32 = 3;

/// Synchronises, and waits until the running server finds drugs.
///
/// Sample data is loaded at each start: it comes in a second and may have changed with the source. The real feed is
/// asked only where there is no catalogue yet, for it counts every call; after that the weekly schedule does. A
/// server that finds its database empty begins by itself, so our turn may be taken.
pub(super) fn load(
    fleet: &mut Fleet<'_>,
    web_port: u16,
    sample: bool,
    sync: impl Fn() -> Builder,
) -> anyhow::Result<()> {
    if !sample && count(web_port)? > 0 {
        return Ok(());
    }
    say("Loading the catalogue (web-api sync); the real one takes minutes");
    loop {
        let status = fleet.run_beside(sync())?;
        if status.code() == Some(BUSY) {
            if is_shown(fleet, web_port, BUSY_WAIT)? {
                return Ok(());
            }
            continue;
        }
        let deadline = if status.success() {
            SHOWN_DEADLINE
        } else {
            BUSY_WAIT
        };
        if !is_shown(fleet, web_port, deadline)? {
            bail!(
                "web-api sync ended ({status}) and web-api has no catalogue to show; the log above says why"
            );
        }
        return Ok(());
    }
}

fn is_shown(fleet: &mut Fleet<'_>, web_port: u16, deadline: Duration) -> anyhow::Result<bool> {
    let end = Instant::now() + deadline;
    while count(web_port)? == 0 {
        fleet.check()?;
        if Instant::now() >= end {
            return Ok(false);
        }
        std::thread::sleep(INTERVAL);
    }
    Ok(true)
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
