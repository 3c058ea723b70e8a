//! A server with the sample catalogue, and what tests of its page do again and again.

use test_kit::browser::{Browser, Element};
use tokio::sync::OnceCell;

use crate::db_support::TestDb;
use crate::support::TestApp;
use crate::sync_support::{feed, run, swapped};
use simulators::mfds::{Catalogue, Faults};

/// 타이레놀정500밀리그람(아세트아미노펜): one ingredient, a photo.
pub(crate) const TYLENOL: &str = "202106092";
/// 게보린정: three ingredients, one of them that of the other.
pub(crate) const GEBORIN: &str = "197900277";

/// Photos of the MFDS, which tests can't reach: their absence is on the console.
const PHOTOS: &str = "https://nedrug.mfds.go.kr/";

/// A running server and where it is.
pub(crate) struct Site {
    pub(crate) app: TestApp,
}

impl Site {
    /// A server that has loaded the sample.
    pub(crate) async fn open() -> Self {
        static LOADED: OnceCell<Vec<u8>> = OnceCell::const_new();
        let loaded = LOADED.get_or_init(load).await;
        let database = TestDb::sqlite();
        let path = database.url_text.strip_prefix("sqlite://").unwrap();
        let path = std::path::Path::new(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, loaded).unwrap();
        let mut app = TestApp::on(database.pool(), &[]);
        app.database = Some(database);
        app.wait_for("the catalogue is loaded", async |app: &TestApp| {
            app.get("/api/v1/medicine-types").await.status.is_success()
        })
        .await;
        Self { app }
    }

    /// A server that has nothing to show yet: every question is answered by 503.
    pub(crate) async fn empty() -> Self {
        let database = TestDb::sqlite();
        let mut app = TestApp::on(database.migrated().await, &[]);
        app.database = Some(database);
        app.wait_for("the server answers", async |app: &TestApp| {
            app.get("/api/v1/medicine-types").await.status.as_u16() == 503
        })
        .await;
        Self { app }
    }

    /// Goes to a path as if its address was typed, and waits until what it shows has come.
    pub(crate) async fn visit(&self, browser: &Browser, path: &str) -> anyhow::Result<()> {
        browser.excuse(PHOTOS);
        browser.goto(&format!("{}{path}", self.app.base)).await?;
        settled(browser).await
    }
}

/// The sample's database as a file, made once for all tests.
async fn load() -> Vec<u8> {
    let database = TestDb::sqlite();
    let pool = database.migrated().await;
    let feed = feed(Catalogue::sample(), Faults::none()).await;
    assert!(swapped(&run(&pool, &feed).await).0 > 200);
    feed.stop().await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    database.console(&format!("VACUUM INTO '{}'", copy.display()));
    std::fs::read(copy).unwrap()
}

/// Waits until a view stands and nothing in it is still loading.
pub(crate) async fn settled(browser: &Browser) -> anyhow::Result<()> {
    browser
        .until_js(
            "document.querySelector('main:not([aria-busy]) h1') && \
             !document.querySelector('.boot, .loading')",
        )
        .await?;
    Ok(())
}

/// The search box, with the focus.
pub(crate) async fn search_box(browser: &Browser) -> anyhow::Result<Element> {
    let input = browser.role("combobox", "의약품 검색").await?;
    input.click().await?;
    Ok(input)
}

/// Writes this into the search box in the place of what stands there, and presses Enter.
pub(crate) async fn search_for(browser: &Browser, words: &str) -> anyhow::Result<()> {
    let input = search_box(browser).await?;
    input.clear().await?;
    Ok(input.send_keys(&format!("{words}\u{E007}")).await?)
}

/// Waits until the address is this.
pub(crate) async fn at(browser: &Browser, address: &str) -> anyhow::Result<()> {
    let what = format!("the address {address}");
    browser
        .until(&what, async || {
            let now = browser.address().await?;
            anyhow::ensure!(decoded(&now) == address, "it is {}", decoded(&now));
            Ok(Some(()))
        })
        .await
}

/// Puts a medicine into the compare box with the button of its page.
pub(crate) async fn put_in_box(site: &Site, browser: &Browser, id: &str) -> anyhow::Result<()> {
    site.visit(browser, &format!("/medicines/{id}")).await?;
    browser
        .css("main button[aria-pressed=false]")
        .await?
        .click()
        .await?;
    browser.css("main button[aria-pressed=true]").await?;
    Ok(())
}

/// What the page says, without its layout.
pub(crate) async fn text(browser: &Browser, selector: &str) -> anyhow::Result<String> {
    Ok(browser.css(selector).await?.text().await?)
}

fn decoded(address: &str) -> String {
    let Some((path, query)) = address.split_once('?') else {
        return address.to_owned();
    };
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let pairs: Vec<String> = pairs
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!("{path}?{}", pairs.join("&"))
}
