//! What people said of a medicine, on its page.

use reqwest::Method;
use serde_json::json;
use test_kit::browser::{Key, View, visit};

use super::accessibility::a11y;
use super::site::{GEBORIN, Site, TYLENOL};
use crate::reviews_kit::{call, consenting, published};

/// How many are on the page, and what the first says.
const SHOWN: &str = "document.querySelectorAll('.review').length";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reviews_are_read_page_by_page_and_sorted() {
    let site = Site::open().await;
    let members = |db: &mut web_api::db::Db| {
        consenting(db, 1..=8);
        Ok(())
    };
    site.app.pool.run(members).await.unwrap();
    let mut first = String::new();
    for member in 1..=8 {
        let text = format!("{member}번째 이야기입니다.\n<b>굵지 않아요</b>");
        let id = published(&site.app, member, 1 + member % 5, &text).await;
        if member == 1 {
            first = id;
        }
    }
    let path = format!("/reviews/{first}/reaction");
    let helpful = Some(json!({"kind": "helpful"}));
    assert_eq!(
        call(&site.app, 2, Method::PUT, &path, helpful).await.status,
        200
    );
    for (name, view) in [
        ("reviews-phone", View::PHONE),
        ("reviews-desktop", View::DESKTOP),
    ] {
        visit(name, view, async |browser| {
            site.visit(browser, &format!("/medicines/{TYLENOL}")).await?;
            browser.until_js(&format!("{SHOWN} === 5")).await?;
            browser.role("heading", "이용자 후기").await?;
            let shown = browser.css(".part-reviews").await?.text().await?;
            // (2 + 3 + 4 + 5 + 1 + 2 + 3 + 4) / 8
            assert!(shown.contains("평균 3.0점") && shown.contains("후기 8개"), "{shown}");
            assert!(shown.contains("8번째 이야기") && !shown.contains("1번째 이야기"), "{shown}");
            assert!(shown.contains("<b>굵지 않아요</b>"), "text stays text: {shown}");
            let more = browser.role("button", "후기 더 보기").await?;
            more.send_keys(" ").await?;
            browser.until_js(&format!("{SHOWN} === 8")).await?;
            // Whoever goes on by keyboard stands before what came.
            browser
                .until_js("document.activeElement === document.querySelectorAll('.review')[5]")
                .await?;
            browser.until_js("document.querySelector('.part-reviews button').hidden").await?;
            let helpful = browser.role("radio", "도움순").await?;
            helpful.send_keys(" ").await?;
            browser
                .until_js("document.querySelector('.review').innerText.includes('1번째 이야기')")
                .await?;
            browser.until_js(&format!("{SHOWN} === 5")).await?;
            let shown = browser.css(".review:first-child").await?.text().await?;
            assert!(shown.contains("1명에게 도움이"), "{shown}");
            a11y(browser, name).await?;
            browser.press(Key::Up).await?;
            browser
                .until_js("document.querySelector('.review').innerText.includes('8번째 이야기')")
                .await?;

            site.visit(browser, &format!("/medicines/{GEBORIN}")).await?;
            browser
                .until_js("document.querySelector('.part-reviews').innerText.includes('아직 후기가 없습니다')")
                .await?;
            Ok(())
        })
        .await;
    }
}
