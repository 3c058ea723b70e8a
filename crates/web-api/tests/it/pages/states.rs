//! When something is missing: the catalogue, the server, the network, the medicine.

use std::net::SocketAddr;

use test_kit::CutProxy;
use test_kit::browser::{Name, View, visit};

use super::site::{Site, search_for, settled, text};
use crate::support::sample;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_tells_its_request_and_passes() {
    let site = Site::empty().await;
    visit("error", View::DESKTOP, async |browser| {
        browser.excuse("status of 503");
        site.visit(browser, "/?query=타이레놀").await?;
        let alert = text(browser, "main [role=alert].failure").await?;
        assert!(alert.contains("요청 번호"), "{alert}");
        let id = text(browser, "main .request-id code").await?;
        assert!(uuid::Uuid::parse_str(&id).is_ok(), "{id}");
        browser.screenshot("error").await?;
        browser.dark(true).await?;
        browser.screenshot("error").await?;
        browser.view(View::PHONE).await?;
        browser.screenshot("error").await?;
        browser.dark(false).await?;
        browser.screenshot("error").await?;
        sample::catalogue().write(&site.app.pool).await;
        site.app
            .wait_for("the catalogue is loaded", async |app| {
                app.get("/api/v1/medicine-types").await.status.is_success()
            })
            .await;
        browser.role("button", "다시 시도").await?.click().await?;
        browser.role("link", Name::Has("타이레놀정500")).await?;
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_gone_is_said_to_be_and_comes_back() {
    let site = Site::open().await;
    let address: SocketAddr = site.app.base.trim_start_matches("http://").parse().unwrap();
    let proxy = CutProxy::start(address).unwrap();
    visit("gone", View::PHONE, async |browser| {
        browser.excuse("ERR_");
        browser.excuse("nedrug.mfds.go.kr");
        browser
            .goto(&format!("http://127.0.0.1:{}/?query=게보린", proxy.port()))
            .await?;
        settled(browser).await?;
        proxy.refuse();
        search_for(browser, "타이레놀").await?;
        let alert = text(browser, "main [role=alert].failure").await?;
        assert!(alert.contains("서버에 연결할 수 없습니다"), "{alert}");
        proxy.pass();
        browser.role("button", "다시 시도").await?.click().await?;
        browser.role("link", Name::Has("타이레놀정500")).await?;
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn offline_is_said_and_ends_by_itself() {
    let site = Site::open().await;
    visit("offline", View::PHONE, async |browser| {
        browser.excuse("ERR_INTERNET_DISCONNECTED");
        site.visit(browser, "/?query=게보린").await?;
        browser.offline(true).await?;
        let banner = "document.querySelector('#offline[role=status]').textContent";
        browser
            .until_js(&format!(
                "{banner}.includes('인터넷에 연결되어 있지 않습니다')"
            ))
            .await?;
        search_for(browser, "타이레놀").await?;
        let alert = text(browser, "main [role=alert].failure").await?;
        assert!(alert.contains("인터넷에 연결되어 있지 않습니다"), "{alert}");
        browser.screenshot("offline").await?;
        browser.offline(false).await?;
        browser.role("link", Name::Has("타이레놀정500")).await?;
        browser
            .until_js(&format!("!{banner}.includes('인터넷')"))
            .await?;
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_exist_is_said_not_to() {
    let site = Site::open().await;
    visit("missing", View::DESKTOP, async |browser| {
        browser.excuse("status of 404");
        browser.excuse("status of 422");
        for path in [
            "/medicines/999999999",
            "/medicines/abc",
            "/compare?ids=202106092,999999999",
        ] {
            site.visit(browser, path).await?;
            let main = text(browser, "main").await?;
            assert!(
                main.contains("없습니다") || main.contains("없는"),
                "{path}: {main}"
            );
            // Nobody is left without a way on.
            browser
                .until_js("document.querySelector('main a[href], main button')")
                .await?;
        }
        site.visit(browser, "/compare?ids=202106092").await?;
        browser.role("heading", "의약품 비교").await?;
        Ok(())
    })
    .await;
}
