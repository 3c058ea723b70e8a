//! The browser of tests, on pages made to be found fault with.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use serde_json::Value;
use test_kit::browser::{Browser, Key, Name, View, is_installed, visit};
use test_kit::skip_or_fail;

const PAGE: &str = r#"<!doctype html><html lang=ko><meta charset=utf-8>
<meta name=viewport content="width=device-width"><title>시험</title>
<main><h1>제목</h1><label>이름 <input id=name></label>
<button id=b>누르기</button><p id=said></p><div hidden><button>숨은 것</button></div>
<nav aria-label=하나><a href=#x>가기</a></nav><nav aria-label=둘><a href=#y>가기</a></nav></main>
<script src=/script.js></script></html>"#;

const SCRIPT: &str = "const said = document.querySelector('#said');
document.querySelector('#b').addEventListener('click', (event) => { said.textContent = event.pointerType; });
document.querySelector('#name').addEventListener('input', (event) => {
  said.textContent = `${event.isComposing ? 'composing' : 'typed'} ${event.target.value}`;
});";

const BROKEN: &str = "<!doctype html><title>x</title><script>document.title = 'ran'</script>
<img src=https://stranger.example/a.png><script src=/throws.js></script>";

/// Serves the pages above until the process ends, and returns its address.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A browser opens connections that it says nothing on: each is served by a thread of its own.
            thread::spawn(move || drop(answer(stream)));
        }
    });
    address
}

fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    let (kind, body) = match first.split(' ').nth(1) {
        Some("/") => ("text/html", PAGE),
        Some("/broken") => ("text/html", BROKEN),
        Some("/script.js") => ("text/javascript", SCRIPT),
        Some("/throws.js") => ("text/javascript", "throw new Error('thrown on purpose')"),
        _ => ("text/plain", "nothing"),
    };
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\
         Content-Security-Policy: script-src 'self'\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn things_are_found_by_role_and_name_and_touched() {
    let site = serve();
    visit("kit-finds", View::PHONE, async |browser| {
        browser.goto(&format!("{site}/")).await?;
        assert_eq!(browser.names("heading", None).await?, ["제목"]);
        assert_eq!(browser.names("button", None).await?, ["누르기"]);
        let nav = browser.role("navigation", "둘").await?;
        let link = browser.role_in(&nav, "link", Name::Any).await?;
        link.click().await?;
        assert_eq!(browser.address().await?, "/#y");
        let button = browser.role("button", Name::Has("누르")).await?;
        browser.tap(&button).await?;
        browser.until_js("said.textContent === 'touch'").await?;
        button.click().await?;
        browser.until_js("said.textContent === 'mouse'").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn text_is_typed_and_composed() {
    let site = serve();
    visit("kit-types", View::DESKTOP, async |browser| {
        browser.goto(&format!("{site}/")).await?;
        browser.press(Key::Tab).await?;
        let input = browser.role("textbox", "이름").await?;
        assert_eq!(
            browser.client().active_element().await?.element_id(),
            input.element_id()
        );
        browser.type_text("가나").await?;
        browser
            .until_js("said.textContent === 'typed 가나'")
            .await?;
        browser.compose("달").await?;
        browser
            .until_js("said.textContent === 'composing 가나달'")
            .await?;
        browser.commit("다라").await?;
        browser
            .until_js("said.textContent.endsWith(' 가나다라')")
            .await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn screen_preferences_and_network_are_what_a_test_says() {
    let site = serve();
    visit("kit-emulates", View::DESKTOP, async |browser| {
        browser.goto(&format!("{site}/")).await?;
        browser
            .until_js("innerWidth === 1280 && innerHeight === 900")
            .await?;
        browser.view(View::NARROW).await?;
        browser
            .until_js("innerWidth === 320 && navigator.maxTouchPoints > 0")
            .await?;
        browser.dark(true).await?;
        browser
            .until_js("matchMedia('(prefers-color-scheme: dark)').matches")
            .await?;
        browser
            .media(&[
                ("forced-colors", "active"),
                ("prefers-reduced-motion", "reduce"),
            ])
            .await?;
        browser
            .until_js("matchMedia('(forced-colors: active)').matches")
            .await?;
        browser.text_size(32).await?;
        browser
            .until_js("getComputedStyle(document.querySelector('p')).fontSize === '32px'")
            .await?;
        browser.excuse("ERR_INTERNET_DISCONNECTED");
        browser.offline(true).await?;
        let fetched = "return fetch('/').then(() => 'there', () => 'away')";
        assert_eq!(
            browser.run_async(fetched, Vec::new()).await?,
            Value::from("away")
        );
        browser.until_js("navigator.onLine === false").await?;
        browser.offline(false).await?;
        assert_eq!(
            browser.run_async(fetched, Vec::new()).await?,
            Value::from("there")
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_screenshot_shows_the_whole_page() {
    let site = serve();
    visit("kit-pictures", View::PHONE, async |browser| {
        browser.goto(&format!("{site}/")).await?;
        browser
            .run("document.body.style.height = '2000px'", Vec::new())
            .await?;
        browser.dark(true).await?;
        let path = browser.screenshot("kit-whole").await?;
        assert!(path.ends_with("screenshots/kit-whole-phone-dark.png"));
        let bytes = std::fs::read(path)?;
        let size = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!(size(16), 780);
        assert!((4_000..4_100).contains(&size(20)), "{}", size(20));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_goes_wrong_in_a_page_is_told() {
    if !is_installed() {
        return skip_or_fail("no browser");
    }
    let site = serve();
    let browser = Browser::open(View::DESKTOP).await.unwrap();
    browser.goto(&format!("{site}/broken")).await.unwrap();
    let mut told = String::new();
    for expected in [
        "Content Security Policy",
        "request to https://stranger.example/a.png",
        "thrown on purpose",
    ] {
        browser
            .until(expected, async || {
                told += &browser.complaints().await?.join("\n");
                Ok(told.contains(expected).then_some(()))
            })
            .await
            .unwrap();
    }
    assert_ne!(browser.client().title().await.unwrap(), "ran");
    browser.excuse("stranger.example");
    browser.excuse("Content Security Policy");
    browser.excuse("thrown");
    browser.client().refresh().await.unwrap();
    assert_eq!(browser.complaints().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
#[should_panic(expected = "the page complains")]
async fn a_page_with_an_error_fails_its_test() {
    let site = serve();
    if !is_installed() {
        skip_or_fail("no browser");
        panic!("the page complains: skipped");
    }
    visit("kit-complains", View::DESKTOP, async |browser| {
        browser.goto(&format!("{site}/broken")).await
    })
    .await;
}
