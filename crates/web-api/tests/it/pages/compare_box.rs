//! The compare box: kept, shared by tabs, bounded.

use test_kit::browser::{Locator, Name, View, visit};

use super::site::{GEBORIN, Site, TYLENOL, at, put_in_box, settled};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_box_survives_a_reload_and_gives_back() {
    let site = Site::open().await;
    visit("box-kept", View::DESKTOP, async |browser| {
        put_in_box(&site, browser, TYLENOL).await?;
        put_in_box(&site, browser, GEBORIN).await?;
        browser.client().refresh().await?;
        settled(browser).await?;
        browser.role("link", "비교함 (2)").await?;
        browser
            .css("main button[aria-pressed=true]")
            .await?
            .click()
            .await?;
        browser.role("link", "비교함 (1)").await?;
        browser.css("main button[aria-pressed=false]").await?;
        browser.role("link", "비교함 (1)").await?.click().await?;
        at(browser, "/compare").await?;
        settled(browser).await?;
        let main = browser.css("main").await?;
        browser
            .role_in(&main, "checkbox", Name::Has("타이레놀정500"))
            .await?;
        let go = browser.role_in(&main, "button", "비교하기").await?;
        assert!(!go.is_enabled().await?);
        browser
            .role_in(&main, "button", Name::Has("빼기"))
            .await?
            .click()
            .await?;
        browser.role("heading", "비교함이 비어 있습니다").await?;
        browser.role("link", "비교함 (0)").await?;
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_eleventh_is_refused_and_two_are_chosen_of_ten() {
    let site = Site::open().await;
    visit("box-full", View::DESKTOP, async |browser| {
        site.visit(browser, "/?class=otc").await?;
        for place in 1..=11 {
            let selector = format!(".hits li:nth-child({place}) button[aria-pressed]");
            browser.css(&selector).await?.click().await?;
        }
        let alert = browser.css("[role=alert]:not(:empty)").await?;
        assert!(
            alert
                .text()
                .await?
                .contains("비교함에는 10개까지 담을 수 있습니다")
        );
        let eleventh = browser
            .css(".hits li:nth-child(11) button[aria-pressed]")
            .await?;
        assert_eq!(
            eleventh.attr("aria-pressed").await?.as_deref(),
            Some("false")
        );
        browser.role("link", "비교함 (10)").await?.click().await?;
        settled(browser).await?;
        let boxes = browser
            .client()
            .find_all(Locator::Css("main [type=checkbox]"))
            .await?;
        assert_eq!(boxes.len(), 10);
        boxes[3].click().await?;
        boxes[7].click().await?;
        let main = browser.css("main").await?;
        browser
            .role_in(&main, "button", "비교하기")
            .await?
            .click()
            .await?;
        browser
            .until_js("/^\\?ids=[0-9]+(,|%2C)[0-9]+$/.test(location.search)")
            .await?;
        browser.role("heading", "의약품 비교").await?;
        settled(browser).await
    })
    .await;
}

/// A storage that holds nonsense, and one that is forbidden.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_storage_breaks_nothing() {
    let site = Site::open().await;
    visit("box-garbage", View::DESKTOP, async |browser| {
        site.visit(browser, "/").await?;
        for garbage in ["{", "null", "[]", "{\"version\":9}", "{\"version\":1,\"items\":[{\"id\":\"x\"},7]}"] {
            let script = "localStorage.setItem('pillnuts.compareBox', arguments[0])";
            browser.run(script, vec![garbage.into()]).await?;
            browser.client().refresh().await?;
            settled(browser).await?;
            browser.role("link", "비교함 (0)").await?;
        }
        put_in_box(&site, browser, TYLENOL).await?;
        let forbid = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})";
        let command = serde_json::json!({"source": forbid});
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", &command).await?;
        put_in_box(&site, browser, GEBORIN).await?;
        browser.role("link", "비교함 (1)").await?;
        Ok(())
    })
    .await;
}
