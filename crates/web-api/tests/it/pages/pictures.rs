//! Pictures of every view for people to look at, in `target/screenshots`.

use test_kit::browser::{Browser, View, visit};

use super::layout::addresses;
use super::site::{GEBORIN, Site, TYLENOL, put_in_box, search_box};

async fn take(browser: &Browser, site: &Site) -> anyhow::Result<()> {
    for dark in [false, true] {
        browser.dark(dark).await?;
        for (name, path) in addresses() {
            site.visit(browser, &path).await?;
            // What is drawn lazily or later is drawn by now.
            let drawn = "document.fonts.ready.then(() => new Promise((done) =>
                requestAnimationFrame(() => requestAnimationFrame(done))))";
            browser
                .run_async(&format!("await {drawn}"), Vec::new())
                .await?;
            browser.screenshot(name).await?;
        }
    }
    browser.dark(false).await?;
    site.visit(browser, "/").await?;
    search_box(browser).await?;
    browser.type_text("ㅌㅇㄹㄴ").await?;
    browser
        .until_js("document.querySelector('[role=option]')")
        .await?;
    browser.screenshot("suggestions").await?;
    put_in_box(site, browser, TYLENOL).await?;
    put_in_box(site, browser, GEBORIN).await?;
    site.visit(browser, "/?query=타이래놀").await?;
    browser.screenshot("fuzzy-with-box").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_are_taken_on_a_phone() {
    let site = Site::open().await;
    visit("pictures-phone", View::PHONE, async |browser| {
        take(browser, &site).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_are_taken_on_a_desktop() {
    let site = Site::open().await;
    visit("pictures-desktop", View::DESKTOP, async |browser| {
        take(browser, &site).await
    })
    .await;
}
