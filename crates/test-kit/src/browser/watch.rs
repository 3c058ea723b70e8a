//! What goes wrong in a page without a test's asking: errors on its console, requests to strangers.

use anyhow::Context;
use serde_json::Value;

use super::cdp::Extension;
use super::session::Browser;

impl Browser {
    /// Lets the test pass although something like this is on the console or is asked of another host: every line
    /// that holds `part`.
    pub fn excuse(&self, part: &str) {
        self.state().excused.push(part.to_owned());
    }

    /// What has gone wrong since the last call and isn't [excused](Self::excuse), a line each.
    ///
    /// # Errors
    /// When the browser doesn't hand out its logs.
    pub async fn complaints(&self) -> anyhow::Result<Vec<String>> {
        let mut lines = self.console().await?;
        for url in self.requests().await? {
            if self.is_strange(&url) {
                lines.push(format!("request to {url}"));
            }
        }
        let state = self.state();
        lines.retain(|line| !state.excused.iter().any(|part| line.contains(part)));
        Ok(lines)
    }

    /// Errors and breaches of the content security policy.
    async fn console(&self) -> anyhow::Result<Vec<String>> {
        let entries = self.log("browser").await?;
        let text = |entry: &Value, key: &str| {
            let text = entry.get(key).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        Ok(entries
            .iter()
            .filter(|entry| text(entry, "level") == "SEVERE" || text(entry, "source") == "security")
            .map(|entry| format!("console: {}", text(entry, "message")))
            .collect())
    }

    /// The addresses that the page asked for since the last call.
    async fn requests(&self) -> anyhow::Result<Vec<String>> {
        let mut addresses = Vec::new();
        for entry in self.log("performance").await? {
            let message = entry.get("message").and_then(Value::as_str);
            let message: Value = serde_json::from_str(message.context("an entry has no message")?)?;
            if message.pointer("/message/method") != Some(&Value::from("Network.requestWillBeSent"))
            {
                continue;
            }
            let url = message.pointer("/message/params/request/url");
            addresses.extend(url.and_then(Value::as_str).map(str::to_owned));
        }
        Ok(addresses)
    }

    async fn log(&self, kind: &str) -> anyhow::Result<Vec<Value>> {
        let entries = self.client().issue_cmd(Extension::log(kind)).await?;
        match entries {
            Value::Array(entries) => Ok(entries),
            other => anyhow::bail!("the log {kind} isn't a list: {other}"),
        }
    }

    /// Whether an address leads to another host than those that the test went to by itself.
    fn is_strange(&self, address: &str) -> bool {
        let Ok(address) = url::Url::parse(address) else {
            return true;
        };
        matches!(address.scheme(), "http" | "https" | "ws" | "wss")
            && !self.state().homes.contains(&address.origin())
    }
}
