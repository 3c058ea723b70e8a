//! Narrow screens, large text, and people's own colours.

use serde_json::Value;
use test_kit::browser::{Browser, View, visit};

use super::site::{GEBORIN, Site, TYLENOL, put_in_box, settled};

/// Addresses of every kind of view.
pub(super) fn addresses() -> [(&'static str, String); 6] {
    [
        ("home", "/".to_owned()),
        ("results", "/?query=타이레놀".to_owned()),
        ("nothing", "/?query=없는약이름입니다".to_owned()),
        ("detail", format!("/medicines/{TYLENOL}")),
        ("compare", format!("/compare?ids={TYLENOL},{GEBORIN}")),
        ("choose", "/compare".to_owned()),
    ]
}

/// What stands out of the window at its right side, and isn't scrolled within a box of its own.
const WIDE: &str = "
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= arguments[0] && width <= arguments[0]) return [];
    const boxed = (one) => {
      for (let box = one.parentElement; box && box !== document.body; box = box.parentElement) {
        if (getComputedStyle(box).overflowX !== 'visible') return true;
      }
      return false;
    };
    const out = [...document.querySelectorAll('body *')].filter((one) =>
      one.getBoundingClientRect().right > arguments[0] + 1 && !boxed(one));
    return [`${document.documentElement.scrollWidth} wide`, ...out.slice(0, 5).map((one) => one.outerHTML.slice(0, 160))];";

async fn fits(browser: &Browser, what: &str, width: u32) -> anyhow::Result<()> {
    let wide = browser.run(WIDE, vec![width.into()]).await?;
    assert_eq!(
        wide,
        Value::Array(Vec::new()),
        "{what} at {width}: {wide:#}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_scrolls_sideways() {
    let site = Site::open().await;
    visit("sideways", View::NARROW, async |browser| {
        put_in_box(&site, browser, TYLENOL).await?;
        put_in_box(&site, browser, GEBORIN).await?;
        for (name, path) in addresses() {
            for view in [View::NARROW, View::PHONE, View::DESKTOP_ZOOMED] {
                browser.view(view).await?;
                site.visit(browser, &path).await?;
                fits(browser, name, view.width).await?;
            }
        }
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn text_may_be_twice_as_large() {
    let site = Site::open().await;
    visit("large-text", View::PHONE, async |browser| {
        browser.text_size(32).await?;
        for (name, path) in addresses() {
            site.visit(browser, &path).await?;
            let size =
                "parseFloat(getComputedStyle(document.querySelector('main p, main li')).fontSize)";
            let size = browser.until_js(size).await?;
            assert!(
                size.as_f64().unwrap() >= 24.0,
                "{name}: the text stays at {size} px"
            );
            fits(browser, name, View::PHONE.width).await?;
        }
        browser.screenshot("large-text").await?;
        Ok(())
    })
    .await;
}

/// WCAG 1.4.12: what is readable stays so with more room between lines, letters and words.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn text_may_be_spaced_out() {
    let site = Site::open().await;
    visit("spaced-text", View::NARROW, async |browser| {
        // A sheet made by script isn't an inline style to the policy, and people's own sheets come the same way.
        let space = "const sheet = new CSSStyleSheet();
            sheet.replaceSync('* {line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important}');
            document.adoptedStyleSheets = [sheet];";
        for (name, path) in addresses() {
            site.visit(browser, &path).await?;
            browser.run(space, Vec::new()).await?;
            fits(browser, name, View::NARROW.width).await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn colours_and_motion_are_the_persons_choice() {
    let site = Site::open().await;
    visit("preferences", View::DESKTOP, async |browser| {
        let background = "getComputedStyle(document.documentElement).backgroundColor";
        site.visit(browser, "/?query=타이레놀").await?;
        browser.dark(false).await?;
        let light = browser.until_js(background).await?;
        browser.dark(true).await?;
        browser.until_js(&format!("{background} !== {light}")).await?;
        browser
            .media(&[("prefers-reduced-motion", "reduce"), ("forced-colors", "active")])
            .await?;
        site.visit(browser, &format!("/medicines/{TYLENOL}")).await?;
        let moving = "document.getAnimations().filter((one) => one.playState === 'running' &&
            one.effect.getComputedTiming().duration > 50).length";
        assert_eq!(browser.run(&format!("return {moving}"), Vec::new()).await?, 0);
        // Buttons keep an edge where backgrounds are taken away.
        let edge = "[...document.querySelectorAll('main button')].every((one) =>
            getComputedStyle(one).borderStyle !== 'none' || getComputedStyle(one).outlineStyle !== 'none')";
        assert_eq!(browser.run(&format!("return {edge}"), Vec::new()).await?, true);
        browser.screenshot("forced-colors").await?;
        settled(browser).await
    })
    .await;
}
