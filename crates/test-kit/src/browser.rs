//! A real browser for tests of pages: headless Chromium, driven through its WebDriver server.
//!
//! `visit` gives a test a `Browser` of its own, with an empty profile, and fails the test not only for what it
//! asserts: also for an error on the console, a breach of the content security policy, or a request to another
//! host. One chromedriver serves all the tests of a binary. Needs the feature `browser`, without which only
//! [`is_installed`] is here.

use std::path::PathBuf;

use anyhow::Context;

use crate::process;

#[cfg(feature = "browser")]
mod cdp;
#[cfg(feature = "browser")]
mod driver;
#[cfg(feature = "browser")]
mod emulate;
#[cfg(feature = "browser")]
mod find;
#[cfg(feature = "browser")]
mod input;
#[cfg(feature = "browser")]
mod picture;
#[cfg(feature = "browser")]
mod session;
#[cfg(feature = "browser")]
mod watch;

#[cfg(feature = "browser")]
pub use emulate::View;
#[cfg(feature = "browser")]
pub use fantoccini::Locator;
#[cfg(feature = "browser")]
pub use fantoccini::elements::Element;
#[cfg(feature = "browser")]
pub use fantoccini::key::Key;
#[cfg(feature = "browser")]
pub use find::Name;
#[cfg(feature = "browser")]
pub use session::{Browser, visit};

/// Where Debian, Fedora and others put the browser.
const BROWSERS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// The browser's driver, where both are installed.
fn driver_program() -> anyhow::Result<PathBuf> {
    let driver = process::find_program("chromedriver").context(
        "chromedriver isn't installed; on Debian: apt-get install chromium chromium-driver",
    )?;
    BROWSERS
        .iter()
        .find_map(|name| process::find_program(name))
        .context("Chromium isn't installed; on Debian: apt-get install chromium chromium-driver")?;
    Ok(driver)
}

/// Whether Chromium and its WebDriver server are installed here.
#[must_use]
pub fn is_installed() -> bool {
    driver_program().is_ok()
}
