//! Long use, answers in strange forms, networks that go at the wrong moment, addresses made by hand.

use serde_json::{Value, json};
use test_kit::browser::{Browser, View, visit};

use super::site::{GEBORIN, Site, TYLENOL, search_box, search_for, settled, text};

/// What has been shown and left is let go: people keep a tab for days.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn views_that_are_left_are_forgotten() {
    let site = Site::open().await;
    visit("forgotten", View::DESKTOP, async |browser| {
        site.visit(browser, "/?class=otc").await?;
        let before = nodes(browser).await?;
        // An element that a script answers would be held by the driver: these answer whether it is there.
        for _ in 0..12 {
            let go = "document.querySelector('.hit h2 a').click()";
            browser.run(go, Vec::new()).await?;
            browser
                .until_js("Boolean(document.querySelector('main:not([aria-busy]) .medicine'))")
                .await?;
            browser.client().back().await?;
            browser
                .until_js("Boolean(document.querySelector('main:not([aria-busy]) .hit'))")
                .await?;
        }
        let after = nodes(browser).await?;
        // One list alone has some 1,500; a view or two may be held until the next.
        assert!(after < before * 3, "{before} nodes, then {after}");
        Ok(())
    })
    .await;
}

async fn nodes(browser: &Browser) -> anyhow::Result<u64> {
    browser.devtools("HeapProfiler.enable", &json!({})).await?;
    browser
        .devtools("HeapProfiler.collectGarbage", &json!({}))
        .await?;
    let counted = browser
        .devtools("Memory.getDOMCounters", &json!({}))
        .await?;
    Ok(counted["nodes"].as_u64().unwrap_or(u64::MAX / 4))
}

/// Who only hears the page learns as well that another name is shown than the one that was sought.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn look_alikes_are_announced() {
    let site = Site::open().await;
    visit("announced", View::PHONE, async |browser| {
        site.visit(browser, "/").await?;
        search_for(browser, "타이래놀").await?;
        browser.css(".hits").await?;
        let heard = "document.querySelector('#announcer').textContent";
        browser
            .until_js(&format!(
                "{heard}.includes('똑같은 이름은 없습니다') && {heard}.includes('다른 약일 수')"
            ))
            .await?;
        Ok(())
    })
    .await;
}

/// An answer that can't be drawn ends in an error with a way on, also at the second try.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strange_answers_are_errors() {
    let site = Site::open().await;
    visit("strange", View::DESKTOP, async |browser| {
        browser.excuse("TypeError");
        site.visit(browser, "/").await?;
        for answer in [
            "new Response('{}')",
            "new Response('{\"items\":[null],\"total\":1,\"page\":1,\"pageSize\":20}')",
            "new Response('{\"title\":{},\"errors\":[null,5],\"detail\":7}', {status: 500})",
        ] {
            let faked = format!("window.fetch = async () => {answer};");
            browser.run(&faked, Vec::new()).await?;
            search_for(browser, "타이레놀").await?;
            for _ in 0..2 {
                settled(browser).await?;
                let alert = text(browser, "main [role=alert].failure").await?;
                assert!(alert.contains("정보를 불러오지 못했습니다"), "{alert}");
                assert!(!alert.contains("object"), "{alert}");
                browser.role("button", "다시 시도").await?.click().await?;
            }
        }
        Ok(())
    })
    .await;
}

/// The first step to another view needs no network for the view itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_view_is_there_when_the_network_is_not() {
    let site = Site::open().await;
    visit("tunnel", View::PHONE, async |browser| {
        browser.excuse("ERR_INTERNET_DISCONNECTED");
        site.visit(browser, "/?query=타이레놀").await?;
        // A view is there when everything that it imports is, too.
        let views = "performance.getEntriesByType('resource').map((one) => one.name).filter((one) => /views\\/(medicine|compare)\\.js$/.test(one))";
        browser
            .until_js(&format!("new Set({views}).size === 2"))
            .await?;
        let ready = format!("Promise.all({views}.map((one) => import(one))).then(() => true)");
        browser.until_js(&ready).await?;
        browser.offline(true).await?;
        browser.until_js("!navigator.onLine").await?;
        browser.css(".hits li:first-child h2 a").await?.click().await?;
        let alert = text(browser, "main [role=alert].failure").await?;
        assert!(alert.contains("인터넷에 연결되어 있지 않습니다"), "{alert}");
        browser.offline(false).await?;
        browser.css("article.medicine").await?;
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ids_that_are_not_two_are_not_dropped_in_silence() {
    let site = Site::open().await;
    visit("ids", View::PHONE, async |browser| {
        browser.excuse("status of 404");
        for (ids, said) in [
            (TYLENOL.to_owned(), "하나뿐입니다"),
            (format!("{TYLENOL},{TYLENOL}"), "하나뿐입니다"),
            (format!("{TYLENOL},{GEBORIN},195900043"), "의약품이 3개"),
            ("a,b".to_owned(), "찾을 수 없습니다"),
        ] {
            site.visit(browser, &format!("/compare?ids={ids}")).await?;
            let main = text(browser, "main").await?;
            assert!(main.contains(said), "{ids}: {main}");
            browser.css("main a.button").await?;
        }
        Ok(())
    })
    .await;
}

/// Names and types as long as the feed may ever have them don't push the page out of a phone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_words_stay_inside_a_phone() {
    let site = Site::open().await;
    visit("long-words", View::PHONE, async |browser| {
        site.visit(browser, "/").await?;
        let faked = "const ask = window.fetch;
            window.fetch = async (...all) => {
              const body = await (await ask(...all)).json();
              if (body.type) body.type.name = 'W'.repeat(300);
              body.name = '가'.repeat(300);
              body.status = {...body.status, forSale: false, label: '취'.repeat(200)};
              return new Response(JSON.stringify(body));
            };
            const link = document.createElement('a');
            link.href = arguments[0];
            document.body.append(link);
            link.click();
            link.remove();";
        let address = json!(format!("/medicines/{TYLENOL}"));
        browser.run(faked, vec![address]).await?;
        browser.css("article.medicine").await?;
        let wide =
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(browser.run(wide, Vec::new()).await?, Value::from(0));
        Ok(())
    })
    .await;
}

/// The count of suggestions is news when it changes, not at every letter.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn suggestions_are_not_counted_aloud_at_every_letter() {
    let site = Site::open().await;
    visit("quiet-suggestions", View::DESKTOP, async |browser| {
        site.visit(browser, "/").await?;
        search_box(browser).await?;
        let listen = "window.heard = [];
            const place = document.querySelector('#announcer');
            new MutationObserver(() => { if (place.textContent) window.heard.push(place.textContent); })
              .observe(place, {childList: true});
            const same = await (await fetch('/api/v1/medicines/suggest?query=게보')).text();
            window.fetch = async () => new Response(same);";
        browser.run_async(listen, Vec::new()).await?;
        let option = "document.querySelector('[role=option]')?.id";
        browser.type_text("게").await?;
        browser.until_js("window.heard.length === 1").await?;
        for letter in ["보", "린"] {
            let before = browser.run(&format!("return {option}"), Vec::new()).await?;
            browser.type_text(letter).await?;
            let drawn = format!("{option} && {option} !== {before}");
            browser.until_js(&drawn).await?;
        }
        // What was announced at the last letter would be heard by the next frame.
        let frame = "await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
            return window.heard.length";
        assert_eq!(browser.run_async(frame, Vec::new()).await?, 1);
        Ok(())
    })
    .await;
}
