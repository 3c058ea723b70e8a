//! The page as it leaves the server: its head, its files, and what it says where nothing is.

use std::path::{Path, PathBuf};

use reqwest::Method;

use crate::db_support::TestDb;
use crate::support::{Answer, TestApp, sample};

const WEB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/pages/web");

/// The one file that is no file to the browser.
const SHELL: &str = "shell.html";

/// Asks as a person's browser does.
async fn visit(app: &TestApp, path: &str) -> Answer {
    let request = app.request(Method::GET, path);
    let accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    app.send(request.header("accept", accept)).await
}

#[track_caller]
fn assert_page(answer: &Answer, status: u16, title: &str) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    let titled = format!("<title>{title} – Pillnuts</title>");
    assert!(answer.text.contains(&titled), "{title}: {}", answer.text);
    let policy = answer.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "script-src 'self';",
        "style-src 'self';",
        "img-src 'self' https://nedrug.mfds.go.kr data:;",
        "connect-src 'self';",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(policy.contains(part), "{part}: {policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(!answer.text.contains("{{"), "{}", answer.text);
}

/// Where the page's files stand, as its own links say.
fn base(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("src=\"/assets/").unwrap();
    let (version, _) = rest.split_once('/').unwrap();
    format!("/assets/{version}")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_has_its_head() {
    let app = TestApp::start().await;
    let home = visit(&app, "/").await;
    assert_eq!(home.status, 200);
    assert!(
        home.text
            .contains("<title>Pillnuts – 의약품 검색과 비교</title>")
    );
    assert!(home.text.contains("content=\"index, follow\""));
    assert!(home.text.contains("<noscript>"));
    // The sample was synchronised on that day, in Korea.
    assert!(
        home.text
            .contains("datetime=\"2026-01-06\">2026년 1월 6일<")
    );
    assert!(!home.text.contains("og:image"), "an image that is none");

    let found = visit(&app, "/?query=%ED%83%80%EC%9D%B4&page=2").await;
    assert_page(&found, 200, "‘타이’ 검색 결과");
    assert!(found.text.contains("content=\"noindex, follow\""));
    let class = visit(&app, "/?class=otc&query=").await;
    assert_page(&class, 200, "‘일반의약품’ 검색 결과");

    let name = "타이레놀정500밀리그람(아세트아미노펜)";
    let one = visit(&app, &format!("/medicines/{}", sample::TYLENOL)).await;
    assert_page(&one, 200, name);
    let heading = format!("<h1>{name}</h1>");
    let card = format!("property=\"og:title\" content=\"{name} – Pillnuts\"");
    for part in [heading.as_str(), card.as_str(), "성분: 아세트아미노펜."] {
        assert!(one.text.contains(part), "{part}: {}", one.text);
    }
    // What is not sold any more stays readable.
    let old = visit(&app, &format!("/medicines/{}", sample::OLD)).await;
    assert_eq!(old.status, 200);
    let gone = "(판매하지 않는 의약품) – Pillnuts</title>";
    assert!(old.text.contains(gone), "{}", old.text);
    assert!(!one.text.contains("판매하지 않는"), "{}", one.text);

    let both = format!("/compare?ids={},{}", sample::TYLENOL, sample::GEBORIN);
    assert_page(
        &visit(&app, &both).await,
        200,
        &format!("{name} · 게보린정 비교"),
    );
    for box_of in [
        "/compare",
        "/compare?ids=",
        "/compare?ids=202106092",
        "/compare?ids=202106092,202106092",
        "/compare?ids=202106092,197900277,195900043",
    ] {
        assert_page(&visit(&app, box_of).await, 200, "의약품 비교");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_name_or_a_query_becomes_markup() {
    let mut seed = sample::catalogue();
    let hostile = "\"><script>alert('1')</script>&정";
    seed.medicines[0].medicine.name = hostile.to_owned();
    seed.medicines[0].medicine.maker = "<img src=x onerror='a'>제약".to_owned();
    seed.medicines[0].medicine.image_url = Some("\"><b>".to_owned());
    let app = TestApp::with(&seed).await;
    let id = seed.medicines[0].medicine.id;
    let escaped = "&quot;&gt;&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;&amp;정";
    let query = "%22%3E%3Cscript%3Ealert('1')%3C/script%3E%26%EC%A0%95";
    for path in [
        format!("/medicines/{id}"),
        format!("/compare?ids={id},{}", sample::GEBORIN),
        format!("/?query={query}"),
        format!("/?type={query}"),
        format!("/?maker={query}"),
    ] {
        let page = visit(&app, &path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.text.contains(escaped), "{path}: {}", page.text);
        for markup in ["<script>", "<img src=x", "<b>"] {
            assert!(!page.text.contains(markup), "{path}: {}", page.text);
        }
    }
    // Cut, broken and repeated queries are a page too: the script tells what is wrong with them.
    for path in [
        "/?query=%ff%00%0a",
        "/?query",
        "/?=&&&query=a&query=b",
        "/?query=%",
    ] {
        let page = visit(&app, path).await;
        assert_eq!(page.status, 200, "{path}");
    }
    let long = visit(&app, &format!("/?query={}", "a".repeat(3000))).await;
    assert!(long.text.len() < 6000, "{}", long.text.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_found_politely() {
    let app = TestApp::start().await;
    let unknown = "의약품을 찾을 수 없습니다";
    for (path, title) in [
        ("/medicines/9", unknown),
        ("/medicines/abc", unknown),
        ("/compare?ids=202106092,9", unknown),
        ("/compare?ids=a,b", unknown),
        ("/nothing", "찾을 수 없는 주소"),
        ("/medicines", "찾을 수 없는 주소"),
        ("/assets/", "찾을 수 없는 주소"),
    ] {
        let page = visit(&app, path).await;
        assert_page(&page, 404, title);
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert!(!page.header("x-request-id").is_empty());
        let head = app
            .request(Method::HEAD, path)
            .header("accept", "text/html");
        let head = app.send(head).await;
        assert_eq!(
            (head.status.as_u16(), head.text.as_str()),
            (404, ""),
            "{path}"
        );
    }
    // Programs get what programs read, and so does everybody from the API.
    app.get("/nothing").await.assert_problem(404, "not_found");
    let api = visit(&app, "/api/v1/nothing").await;
    api.assert_problem(404, "not_found");
    let posted = app
        .request(Method::POST, "/nothing")
        .header("accept", "text/html");
    app.send(posted).await.assert_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_first_load_the_page_says_so() {
    let app = TestApp::on(TestDb::sqlite().pool(), &[]);
    let one = visit(&app, &format!("/medicines/{}", sample::TYLENOL)).await;
    assert_page(&one, 503, "의약품 정보 준비 중");
    assert_eq!(one.header("retry-after"), "5");
    let home = visit(&app, "/").await;
    assert_eq!(home.status, 200);
    assert!(home.text.contains(">준비 중</time>"), "{}", home.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_file_is_served_under_the_version_of_all() {
    let app = TestApp::start().await;
    let base = base(&visit(&app, "/").await);
    let all = files(Path::new(WEB));
    assert!(all.len() > 20, "{all:?}");
    for path in all {
        let name = path.strip_prefix(WEB).unwrap().to_str().unwrap();
        let served = app.get(&format!("{base}/{name}")).await;
        if name == SHELL {
            served.assert_problem(404, "not_found");
            continue;
        }
        assert_eq!(served.status, 200, "{name}");
        let on_disk = std::fs::read(&path).unwrap();
        assert!(
            served.text.as_bytes() == on_disk || name.ends_with(".png"),
            "{name}"
        );
        let ending = path
            .extension()
            .map_or("", |ending| ending.to_str().unwrap());
        let kind = match ending {
            "js" | "mjs" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "webmanifest" => "application/manifest+json",
            _ => "text/plain; charset=utf-8",
        };
        assert_eq!(served.header("content-type"), kind, "{name}");
        assert_eq!(
            served.header("cache-control"),
            "public, max-age=31536000, immutable",
            "{name}"
        );
        // Even a file that is opened by itself may run nothing.
        let policy = served.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{name}: {policy}");
        assert_eq!(served.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_asked_for_again_only_when_they_changed() {
    let app = TestApp::start().await;
    let base = base(&visit(&app, "/").await);
    let now = app.get(&format!("{base}/css/base.css")).await;
    let old = app.get("/assets/0123456789abcdef/css/base.css").await;
    assert_eq!(old.text, now.text);
    assert_eq!(old.header("cache-control"), "no-cache");
    let tag = now.header("etag");
    assert_eq!(old.header("etag"), tag);
    for path in [base.as_str(), "/assets/0123456789abcdef"] {
        let request = app.request(Method::GET, &format!("{path}/css/base.css"));
        let again = app.send(request.header("if-none-match", tag)).await;
        assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
        let head = app.request(Method::HEAD, &format!("{path}/css/base.css"));
        let head = app.send(head).await;
        assert_eq!((head.status.as_u16(), head.text.as_str()), (200, ""));
        assert_eq!(head.header("content-type"), "text/css; charset=utf-8");
    }
    // Every link of the shell leads to a file.
    let page = visit(&app, "/").await;
    let links = page
        .text
        .split('"')
        .filter(|part| part.starts_with("/assets/"));
    let links: Vec<_> = links.collect();
    assert!(links.len() > 5, "{links:?}");
    for link in links {
        assert_eq!(app.get(link).await.status, 200, "{link}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_path_leads_out_of_the_files() {
    let app = TestApp::start().await;
    let base = base(&visit(&app, "/").await);
    for path in [
        "../shell.rs",
        "..%2fshell.rs",
        "%2e%2e/shell.rs",
        "js/..%2f..%2fshell.rs",
        "..%5cshell.rs",
        "%2fetc%2fpasswd",
        "/etc/passwd",
        "js/",
        "js",
        "",
        "js/app.js%00",
        "JS/APP.JS",
        "nothing.css",
    ] {
        let answer = raw(&app, &format!("{base}/{path}")).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
    }
}

/// A request whose path stands as it is: clients tidy dots up before they send them.
async fn raw(app: &TestApp, path: &str) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let address = app.base.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}
