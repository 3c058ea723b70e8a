//! A browser of one test's own.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use fantoccini::{Client, ClientBuilder};
use futures_util::FutureExt;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;
use tokio::sync::Semaphore;

use super::cdp::Extension;
use super::driver::{self, Driver};
use super::emulate::View;

/// A test of a page that isn't done by now hangs.
const TEST_LIMIT: Duration = Duration::from_secs(300);
/// A browser needs some 200 MB and, while it starts, a whole core.
const AT_ONCE: usize = 3;

static SEATS: Semaphore = Semaphore::const_new(AT_ONCE);

/// What a session remembers about itself.
pub(super) struct State {
    pub(super) view: View,
    pub(super) dark: bool,
    pub(super) homes: Vec<url::Origin>,
    pub(super) excused: Vec<String>,
}

/// A window of a browser with an empty profile.
pub struct Browser {
    client: Client,
    driver: Arc<Driver>,
    state: Mutex<State>,
}

impl std::fmt::Debug for Browser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Browser").finish_non_exhaustive()
    }
}

/// Runs a test in a browser of its own, and fails it also for what it didn't ask for (see
/// [`Browser::complaints`]). Of a failure, `target/screenshots/failed-{name}-….png` shows the page.
///
/// Skips, or fails, where no browser is installed: see [`skip_or_fail`](crate::skip_or_fail).
///
/// # Panics
/// When the test fails.
#[expect(clippy::panic, reason = "failing the calling test is its purpose")]
pub async fn visit(name: &str, view: View, test: impl AsyncFnOnce(&Browser) -> anyhow::Result<()>) {
    if let Err(error) = super::driver_program() {
        crate::skip_or_fail(&format!("no browser to test with: {error}"));
        return;
    }
    let outcome = match SEATS.acquire().await {
        Ok(_seat) => attempt(name, view, test).await,
        Err(closed) => Err(closed.into()),
    };
    if let Err(error) = outcome {
        panic!("{name}: {error:#}");
    }
}

async fn attempt(
    name: &str,
    view: View,
    test: impl AsyncFnOnce(&Browser) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let browser = Browser::open(view).await?;
    let limited = tokio::time::timeout(TEST_LIMIT, test(&browser));
    let outcome = match AssertUnwindSafe(limited).catch_unwind().await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(anyhow!("not done in {TEST_LIMIT:?}")),
        Err(panic) => Err(anyhow!("{}", words_of(panic.as_ref()))),
    };
    let complaints = browser.complaints().await;
    let outcome = match (outcome, complaints) {
        (Ok(()), Ok(lines)) if lines.is_empty() => Ok(()),
        (Ok(()), Ok(lines)) => Err(anyhow!("the page complains:\n{}", lines.join("\n"))),
        (Ok(()), Err(error)) => Err(error),
        (Err(error), complaints) => {
            let lines = complaints.unwrap_or_default().join("\n");
            Err(anyhow!(
                "{error:#}\n{}\n{lines}",
                browser.evidence(name).await
            ))
        }
    };
    browser.close().await;
    outcome
}

fn words_of(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("panicked")
}

impl Browser {
    /// Opens a window. [`visit`] does it for most tests.
    ///
    /// # Errors
    /// When no browser is installed or it doesn't start.
    pub async fn open(view: View) -> anyhow::Result<Self> {
        let driver = driver::shared()?;
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(driver::capabilities()?)
            .connect(&driver.url())
            .await
            .with_context(|| format!("no browser starts:\n{}", driver.log_tail()))?;
        let state = Mutex::new(State {
            view,
            dark: false,
            homes: Vec::new(),
            excused: Vec::new(),
        });
        let browser = Self {
            client,
            driver,
            state,
        };
        browser.view(view).await?;
        Ok(browser)
    }

    /// The WebDriver client underneath, for what isn't here.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Goes to an address, as if typed, and waits until it is loaded. Its host may be asked for more.
    ///
    /// # Errors
    /// When it can't be loaded.
    pub async fn goto(&self, address: &str) -> anyhow::Result<()> {
        let origin = url::Url::parse(address)?.origin();
        self.state().homes.push(origin);
        let gone = self.client.goto(address).await;
        gone.with_context(|| format!("can't go to {address}"))
    }

    /// Path, query and fragment of the page's address.
    ///
    /// # Errors
    /// When the browser can't tell.
    pub async fn address(&self) -> anyhow::Result<String> {
        let url = self.client.current_url().await?;
        Ok(url[url::Position::BeforePath..].to_owned())
    }

    /// Runs statements of JavaScript in the page, which its content security policy doesn't hinder, and returns
    /// what they return.
    ///
    /// # Errors
    /// When they throw.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> anyhow::Result<Value> {
        let result = self.client.execute(script, arguments).await;
        result.with_context(|| format!("can't run: {script:.200}"))
    }

    /// As [`run`](Self::run), and waits for the promise that they return.
    ///
    /// # Errors
    /// When they throw or the promise is rejected.
    pub async fn run_async(&self, script: &str, arguments: Vec<Value>) -> anyhow::Result<Value> {
        let wrapped = format!(
            "const done = arguments[arguments.length - 1];\
             (async (...arguments) => {{ {script} }})(...arguments)\
             .then((value) => done({{value}}), (error) => done({{error: String(error)}}));"
        );
        let mut result = self.client.execute_async(&wrapped, arguments).await?;
        if let Some(error) = result.get("error") {
            bail!("{script:.200} failed: {error}");
        }
        Ok(result.get_mut("value").map(Value::take).unwrap_or_default())
    }

    /// A command of the Chrome DevTools Protocol.
    ///
    /// # Errors
    /// When the browser refuses it.
    pub async fn devtools(&self, command: &str, parameters: &Value) -> anyhow::Result<Value> {
        let extension = Extension::devtools(command, parameters);
        let answer = self.client.issue_cmd(extension).await;
        answer.with_context(|| command.to_owned())
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where a failed test's page was, and what it looked like.
    async fn evidence(&self, name: &str) -> String {
        let address = self.address().await.unwrap_or_default();
        match self.screenshot(&format!("failed-{name}")).await {
            Ok(picture) => format!("at {address}, {}", picture.display()),
            Err(error) => format!("at {address}, no picture: {error:#}"),
        }
    }

    /// Closes the window. Also `Drop` ends the browser, but only with the last test that runs.
    async fn close(self) {
        drop(self.client.close().await);
        drop(self.driver);
    }
}
