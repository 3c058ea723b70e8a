//! What the page may not do, in the browser's own judgement. That it doesn't try is part of every test.

use serde_json::json;
use test_kit::browser::{View, visit};

use super::site::{Site, TYLENOL};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_browser_refuses_what_is_not_ours() {
    let site = Site::open().await;
    visit("policy", View::DESKTOP, async |browser| {
        site.visit(browser, "/").await?;
        browser.excuse("violates the following Content Security Policy");
        browser.excuse("Content Security Policy of your site");
        browser.excuse("stranger.example");
        browser.excuse("TrustedScript");
        browser.excuse("TrustedHTML");
        // In a function of the page's own world, where the policy holds.
        let tries = "
            const broken = new Set();
            document.addEventListener('securitypolicyviolation', (event) => broken.add(event.effectiveDirective));
            const inline = document.createElement('script');
            try { inline.textContent = 'window.ran = true'; } catch { broken.add('trusted'); }
            document.body.append(inline);
            const style = document.createElement('style');
            style.textContent = 'body {display: none}';
            document.body.append(style);
            const image = new Image();
            image.src = 'https://stranger.example/a.png';
            document.body.append(image);
            try { document.body.insertAdjacentHTML('beforeend', '<p>x</p>'); } catch { broken.add('html'); }
            const fetched = await fetch('https://stranger.example/').then(() => 'there', () => 'refused');
            const told = () => ['style-src-elem', 'img-src', 'connect-src'].every((one) => broken.has(one));
            while (!told()) await new Promise((done) => requestAnimationFrame(done));
            return {broken: [...broken].sort(), ran: Boolean(window.ran), fetched,
              shown: getComputedStyle(document.body).display};";
        let found = browser.run_async(tries, Vec::new()).await?;
        assert_eq!(found["ran"], json!(false), "{found}");
        assert_eq!(found["fetched"], json!("refused"), "{found}");
        assert_ne!(found["shown"], json!("none"), "{found}");
        let broken = found["broken"].to_string();
        for directive in ["style-src", "img-src", "connect-src", "html"] {
            assert!(broken.contains(directive), "{directive}: {broken}");
        }
        Ok(())
    })
    .await;
}

/// People who only search don't pay for the charts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_chart_library_is_loaded_where_there_is_a_chart() {
    let site = Site::open().await;
    visit("lazy-chart", View::DESKTOP, async |browser| {
        let loaded = "performance.getEntriesByType('resource').filter((one) => one.name.includes('/vendor/')).length";
        site.visit(browser, "/?query=타이레놀").await?;
        assert_eq!(browser.run(&format!("return {loaded}"), Vec::new()).await?, 0);
        site.visit(browser, &format!("/medicines/{TYLENOL}")).await?;
        browser.until_js(loaded).await?;
        Ok(())
    })
    .await;
}
