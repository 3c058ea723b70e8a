//! Without a mouse, and without eyes.

use serde_json::Value;
use test_kit::browser::{Key, View, visit};

use super::site::{Site, TYLENOL, at, settled};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_key_skips_to_the_content() {
    let site = Site::open().await;
    visit("skip-link", View::DESKTOP, async |browser| {
        site.visit(browser, "/?query=타이레놀").await?;
        browser.press(Key::Tab).await?;
        let skip = browser.role("link", "본문으로 건너뛰기").await?;
        let focused = browser.client().active_element().await?;
        assert_eq!(focused.element_id(), skip.element_id());
        let seen = "(() => {
            const {left, top, width, height} = document.activeElement.getBoundingClientRect();
            return left >= 0 && top >= 0 && width > 20 && height > 20;
        })()";
        browser.until_js(seen).await?;
        browser.press(Key::Enter).await?;
        browser
            .until_js("document.activeElement.id === 'main'")
            .await?;
        browser.press(Key::Tab).await?;
        browser
            .until_js("document.activeElement.closest('main') !== null")
            .await?;
        Ok(())
    })
    .await;
}

/// Where the focus is, whether it can be seen, and whether it has moved forward in the document.
const LOOK: &str = "
    const now = document.activeElement;
    if (!now || now === document.body) return {end: true};
    const before = window.before;
    window.before = now;
    const name = (now.outerHTML || '').slice(0, 120);
    const forward = !before || Boolean(before.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING);
    const outlined = (one) => {
      const {outlineStyle, outlineWidth} = getComputedStyle(one);
      return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
    };
    // A card may wear the ring of the link that it is, and a label that of its hidden radio.
    const wearers = [now, now.nextElementSibling, now.parentElement, now.closest('article')];
    const rings = wearers.some((one) => one && outlined(one));
    const {top, bottom, width, height} = now.getBoundingClientRect();
    const seen = width > 0 && height > 0 && bottom > 0 && top < innerHeight;
    return {name, forward, rings, seen};";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_focus_goes_forward_and_is_always_seen() {
    let site = Site::open().await;
    visit("tab-order", View::DESKTOP, async |browser| {
        let detail = format!("/medicines/{TYLENOL}");
        for path in ["/", "/?query=타이레놀", &detail] {
            site.visit(browser, path).await?;
            browser.run("window.before = null", Vec::new()).await?;
            let mut steps = 0;
            loop {
                browser.press(Key::Tab).await?;
                let step = browser.run(LOOK, Vec::new()).await?;
                if step["end"] == Value::Bool(true) || steps == 40 {
                    break;
                }
                for what in ["forward", "rings", "seen"] {
                    assert_eq!(step[what], Value::Bool(true), "{path}: {what}: {step}");
                }
                steps += 1;
            }
            assert!(steps > 8, "{path}: {steps}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_view_is_announced_and_takes_the_focus_to_its_heading() {
    let site = Site::open().await;
    visit("announced", View::DESKTOP, async |browser| {
        site.visit(browser, "/?query=게보린").await?;
        // At the first load the focus is the browser's own.
        browser
            .until_js("document.activeElement === document.body")
            .await?;
        browser
            .role("link", "게보린정(수출명:돌로린정)")
            .await?
            .click()
            .await?;
        at(browser, "/medicines/197900277").await?;
        let heading = |words: &str| {
            format!(
                "document.activeElement.tagName === 'H1' && \
                 document.activeElement.textContent.includes('{words}') && \
                 document.title.includes('{words}')"
            )
        };
        browser.until_js(&heading("게보린정")).await?;
        let heard = "document.querySelector('#announcer[aria-live]').textContent.includes";
        browser.until_js(&format!("{heard}('게보린정')")).await?;
        browser.client().back().await?;
        settled(browser).await?;
        browser.until_js(&heading("‘게보린’ 검색 결과")).await?;
        browser.until_js(&format!("{heard}('건')")).await?;
        browser.client().forward().await?;
        browser.until_js(&heading("게보린정")).await?;
        Ok(())
    })
    .await;
}
