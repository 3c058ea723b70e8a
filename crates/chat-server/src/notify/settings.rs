//! Settings of the messages to Slack.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use service_kit::settings::{AppEnv, Reader, Shape};
use url::{Host, Url};

const URL: &str = "SLACK_WEBHOOK_URL";

/// Where Slack is told, and how long that may take.
#[derive(Debug, Clone)]
pub struct SlackSettings {
    /// The incoming webhook.
    pub webhook: WebhookUrl,
    /// Longest time for one message with its answer.
    pub timeout: Duration,
}

impl SlackSettings {
    /// `None` where no webhook is set: then nobody is told, and nothing is written down for it.
    pub(crate) fn read(reader: &mut Reader, env: AppEnv) -> Option<Self> {
        let shape = Shape::new(
            "the https address of an incoming webhook of Slack",
            "https://hooks.slack.com/services/T00000000/B00000000/the-secret-part",
        );
        let webhook = reader.secret_parsed::<WebhookUrl>(URL, &shape);
        let timeout = reader.seconds("SLACK_TIMEOUT_SECONDS", 10, 1..=30);
        let webhook = webhook?;
        if env.is_production() && !webhook.encrypted {
            reader.fail(URL, "with APP_ENV=production it must begin with https://");
        }
        Some(Self { webhook, timeout })
    }
}

/// The address of an incoming webhook. Whoever knows it can write into the channel.
#[derive(Clone)]
pub struct WebhookUrl {
    url: SecretString,
    encrypted: bool,
}

impl WebhookUrl {
    /// The address, for the client only.
    pub(crate) fn expose(&self) -> &str {
        self.url.expose_secret()
    }
}

/// Why an address isn't taken. It doesn't quote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an https address, or an http address of this machine, without a user name")]
pub struct WebhookUrlError;

impl FromStr for WebhookUrl {
    type Err = WebhookUrlError;

    /// `https`, or `http` to this very machine, where stand-ins are.
    fn from_str(text: &str) -> Result<Self, WebhookUrlError> {
        let url = Url::parse(text).map_err(|_| WebhookUrlError)?;
        let local = match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        };
        let encrypted = url.scheme() == "https";
        let plain = url.username().is_empty() && url.password().is_none();
        let usable = url.has_host() && (encrypted || (url.scheme() == "http" && local));
        (plain && usable && url.fragment().is_none())
            .then(|| Self {
                url: SecretString::from(String::from(url)),
                encrypted,
            })
            .ok_or(WebhookUrlError)
    }
}

impl fmt::Debug for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookUrl(not shown)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_encrypted_or_local_addresses_are_taken() {
        for good in [
            "https://hooks.slack.com/services/T/B/x",
            "http://127.0.0.1:8090/services/T/B/x",
            "http://[::1]:8090/x",
            "http://localhost/x",
        ] {
            let url: WebhookUrl = good.parse().expect(good);
            assert_eq!(url.expose(), good);
            assert!(!format!("{url:?}").contains("services"));
        }
        for bad in [
            "",
            "hooks.slack.com/services/T/B/x",
            "http://hooks.slack.com/services/T/B/x",
            "http://localhost.example/x",
            "http://10.0.0.1/x",
            "https://user:password@hooks.slack.com/x",
            "https://hooks.slack.com/x#y",
            "ftp://127.0.0.1/x",
            "file:///etc/passwd",
        ] {
            assert!(bad.parse::<WebhookUrl>().is_err(), "{bad}");
        }
    }
}
