//! What the page's modules decide, asked directly: which amounts may stand on one axis, how the ministry's words are
//! read, what becomes of strange input.

use test_kit::browser::{View, visit};

use super::site::Site;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn modules_decide_as_they_should() {
    let site = Site::open().await;
    visit("modules", View::DESKTOP, async |browser| {
        site.visit(browser, "/").await?;
        let wrong = browser
            .run_async(include_str!("modules.js"), Vec::new())
            .await?;
        assert_eq!(wrong, serde_json::json!([]));
        Ok(())
    })
    .await;
}
