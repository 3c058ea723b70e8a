//! What axe-core finds in every view: WCAG 2.0 to 2.2, A and AA, and what its authors hold good practice.

use serde_json::Value;
use test_kit::browser::{Browser, View, visit};

use super::layout::addresses;
use super::site::{GEBORIN, Site, TYLENOL, put_in_box, search_box};

const AXE: &str = include_str!("../../vendor/axe-core/axe.min.js");

const RUN: &str = "
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const options = {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], preload: false};
    const {violations, passes} = await axe.run(document, options);
    const lines = violations.flatMap(({id, impact, help, nodes}) => nodes.slice(0, 4).map((node) =>
      `${id} (${impact}): ${help}: ${node.target.join(' ')}\\n      ${node.failureSummary.replaceAll('\\n', ' ')}`));
    return {lines, passes: passes.length};";

/// Fails with what axe-core finds in the page as it is, in light and dark.
pub(super) async fn a11y(browser: &Browser, what: &str) -> anyhow::Result<()> {
    let known = browser
        .run("return Boolean(window.axe)", Vec::new())
        .await?;
    if known != Value::Bool(true) {
        browser.run(AXE, Vec::new()).await?;
    }
    let mut found = Vec::new();
    for scheme in ["light", "dark"] {
        // Colours that are on their way to others have no contrast of their own.
        browser
            .media(&[
                ("prefers-color-scheme", scheme),
                ("prefers-reduced-motion", "reduce"),
            ])
            .await?;
        let result = browser.run_async(RUN, Vec::new()).await?;
        assert!(
            result["passes"].as_u64().unwrap() > 10,
            "{what}: axe looked at nothing"
        );
        for line in result["lines"].as_array().unwrap() {
            found.push(format!("  {what}, {scheme}: {}", line.as_str().unwrap()));
        }
    }
    anyhow::ensure!(found.is_empty(), "axe-core finds:\n{}", found.join("\n"));
    Ok(())
}

/// Every view, all that was found told at once.
async fn whole_site(browser: &Browser, site: &Site) -> anyhow::Result<()> {
    browser.excuse("status of 404");
    let mut found = Vec::new();
    let mut note =
        |result: anyhow::Result<()>| found.extend(result.err().map(|error| format!("{error:#}")));
    let missing = ("missing", "/medicines/999999999".to_owned());
    for (name, path) in addresses().into_iter().chain([missing]) {
        site.visit(browser, &path).await?;
        note(a11y(browser, name).await);
    }
    site.visit(browser, "/").await?;
    search_box(browser).await?;
    browser.type_text("ㅌㅇㄹㄴ").await?;
    browser
        .until_js("document.querySelector('[role=option]')")
        .await?;
    note(a11y(browser, "suggestions").await);
    put_in_box(site, browser, TYLENOL).await?;
    put_in_box(site, browser, GEBORIN).await?;
    note(a11y(browser, "detail with a box").await);
    site.visit(browser, "/compare").await?;
    note(a11y(browser, "box").await);
    anyhow::ensure!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn axe_finds_nothing_on_a_phone() {
    let site = Site::open().await;
    visit("axe-phone", View::PHONE, async |browser| {
        whole_site(browser, &site).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn axe_finds_nothing_on_a_desktop() {
    let site = Site::open().await;
    visit("axe-desktop", View::DESKTOP, async |browser| {
        whole_site(browser, &site).await
    })
    .await;
}

/// The check itself finds what is wrong, in both schemes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn axe_finds_what_is_put_there() {
    let site = Site::open().await;
    visit("axe-itself", View::DESKTOP, async |browser| {
        site.visit(browser, "/").await?;
        let harm = "const image = document.createElement('img');
            image.width = 40; image.height = 40;
            document.querySelector('main').append(image);";
        browser.run(harm, Vec::new()).await?;
        let found = a11y(browser, "harmed").await.unwrap_err().to_string();
        for said in [
            "harmed, light: image-alt (critical)",
            "harmed, dark: image-alt",
        ] {
            assert!(found.contains(said), "{said}: {found}");
        }
        Ok(())
    })
    .await;
}
