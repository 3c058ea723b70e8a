//! Searching: suggestions, results, narrowing, paging, and the way back.

use test_kit::browser::{Key, Name, View, visit};

use super::site::{Site, at, search_box, settled, text};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn suggestions_open_close_and_go() {
    let site = Site::open().await;
    visit("suggestions", View::DESKTOP, async |browser| {
        site.visit(browser, "/").await?;
        let input = search_box(browser).await?;
        assert_eq!(
            input.attr("aria-autocomplete").await?.as_deref(),
            Some("list")
        );
        assert_eq!(input.attr("aria-expanded").await?.as_deref(), Some("false"));
        browser.type_text("게보").await?;
        browser.role("option", Name::Has("게보린정")).await?;
        let heard = "document.querySelector('#announcer').textContent.includes('검색 제안')";
        browser.until_js(heard).await?;
        let list = input.attr("aria-controls").await?.unwrap();
        browser.css(&format!("#{list}[role=listbox]")).await?;
        browser.press(Key::Down).await?;
        browser.css("[role=option][aria-selected=true]").await?;
        browser.press(Key::Up).await?;
        browser
            .until_js("!document.querySelector('[role=option][aria-selected=true]')")
            .await?;
        assert_eq!(input.attr("aria-activedescendant").await?, None);
        browser.press(Key::Escape).await?;
        browser
            .until_js("!document.querySelector('[role=option]')")
            .await?;
        assert_eq!(input.attr("aria-expanded").await?.as_deref(), Some("false"));
        assert_eq!(input.prop("value").await?.as_deref(), Some("게보"));
        // A mouse chooses as well.
        browser.type_text("린").await?;
        browser
            .role("option", Name::Has("게보린정"))
            .await?
            .click()
            .await?;
        at(browser, "/medicines/197900277").await
    })
    .await;
}

/// What a slow answer says about letters that have been changed since is not shown.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_last_letters_are_suggested_to() {
    let site = Site::open().await;
    visit("suggestions-stale", View::DESKTOP, async |browser| {
        site.visit(browser, "/").await?;
        let slow = "const ask = window.fetch;
            window.fetch = async (address, options) => {
              const answer = await ask(address, {...options, signal: null});
              if (decodeURIComponent(address).endsWith('=타이')) {
                await new Promise((go) => { window.letGo = go; });
                setTimeout(() => { window.stale = true; }, 50);
              }
              return answer;
            };";
        browser.run(slow, Vec::new()).await?;
        search_box(browser).await?;
        browser.type_text("타이").await?;
        browser.until_js("window.letGo").await?;
        browser.press(Key::Backspace).await?;
        browser.press(Key::Backspace).await?;
        browser.type_text("게보").await?;
        browser.role("option", Name::Has("게보린정")).await?;
        browser.run("window.letGo()", Vec::new()).await?;
        browser.until_js("window.stale").await?;
        let list = browser.role("listbox", "검색 제안").await?;
        let offered = browser.names("option", Some(&list)).await?;
        assert!(
            offered.iter().all(|name| name.contains("게보")),
            "{offered:?}"
        );
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn results_narrow_sort_page_and_come_back() {
    let site = Site::open().await;
    visit("results", View::DESKTOP, async |browser| {
        site.visit(browser, "/?class=otc").await?;
        let count = async || -> anyhow::Result<u32> {
            settled(browser).await?;
            let text = text(browser, ".count").await?;
            Ok(text.trim_end_matches('건').replace(',', "").parse()?)
        };
        let otc = count().await?;
        assert!(otc > 40, "{otc}");
        let paging = browser.role("navigation", "페이지").await?;
        browser
            .role_in(&paging, "link", "다음")
            .await?
            .click()
            .await?;
        at(browser, "/?class=otc&page=2").await?;
        settled(browser).await?;
        let second = text(browser, ".hits li:first-child h2").await?;
        let current = browser
            .css("nav[aria-label=페이지] [aria-current=page]")
            .await?;
        assert_eq!(current.text().await?, "2");
        browser.client().back().await?;
        at(browser, "/?class=otc").await?;
        settled(browser).await?;
        assert_ne!(text(browser, ".hits li:first-child h2").await?, second);
        browser.client().forward().await?;
        at(browser, "/?class=otc&page=2").await?;
        settled(browser).await?;
        assert_eq!(text(browser, ".hits li:first-child h2").await?, second);
        // The same by its address.
        browser.client().refresh().await?;
        settled(browser).await?;
        assert_eq!(text(browser, ".hits li:first-child h2").await?, second);

        site.visit(browser, "/?query=아세트아미노펜&by=ingredient")
            .await?;
        let all = count().await?;
        browser.role("radio", "전문의약품").await?;
        browser.css("label:has(#class-otc)").await?.click().await?;
        at(browser, "/?query=아세트아미노펜&by=ingredient&class=otc").await?;
        let otc = count().await?;
        assert!(0 < otc && otc <= all, "{otc} of {all}");
        let types = browser.role("navigation", "약효 분류").await?;
        let first = browser.names("link", Some(&types)).await?.remove(0);
        let kind = first.split_whitespace().next().unwrap().to_owned();
        browser
            .role_in(&types, "link", first.as_str())
            .await?
            .click()
            .await?;
        let narrowed = format!("/?query=아세트아미노펜&by=ingredient&class=otc&type={kind}");
        at(browser, &narrowed).await?;
        let some = count().await?;
        assert!(
            first.contains(&some.to_string()) && some <= otc,
            "{first}: {some} of {otc}"
        );
        browser.css("nav a[aria-current=true]").await?;
        browser.client().back().await?;
        at(browser, "/?query=아세트아미노펜&by=ingredient&class=otc").await?;
        assert_eq!(count().await?, otc);
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_way_back_leads_to_the_same_place() {
    let site = Site::open().await;
    visit("way-back", View::PHONE, async |browser| {
        site.visit(browser, "/?class=otc").await?;
        let link = browser.css(".hits li:nth-child(9) h2 a").await?;
        browser.tap(&link).await?;
        browser.until_js("location.pathname.startsWith('/medicines/')").await?;
        settled(browser).await?;
        browser.until_js("scrollY === 0").await?;
        browser.client().back().await?;
        at(browser, "/?class=otc").await?;
        settled(browser).await?;
        let seen = "(() => {
            const {top, bottom} = document.querySelector('.hits li:nth-child(9)').getBoundingClientRect();
            return scrollY > 0 && bottom > 0 && top < innerHeight;
        })()";
        browser.until_js(seen).await?;
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_written_so_is_said_to_be_understood() {
    let site = Site::open().await;
    visit("understood", View::DESKTOP, async |browser| {
        site.visit(browser, "/?query=타이래놀").await?;
        let main = text(browser, "main").await?;
        assert!(
            main.contains("‘타이래놀’과 똑같은 이름은 없습니다"),
            "{main}"
        );
        assert!(main.contains("비슷한 이름"), "{main}");
        let first = text(browser, ".hits li:first-child").await?;
        for said in ["비슷한 이름", "타이레놀", "아세트아미노펜"] {
            assert!(first.contains(said), "{said}: {first}");
        }
        site.visit(browser, "/?query=xkdlfpshf").await?;
        let main = text(browser, "main").await?;
        assert!(
            main.contains("‘xkdlfpshf’") && main.contains("읽었습니다"),
            "{main}"
        );
        assert!(
            text(browser, ".hits li:first-child h2")
                .await?
                .contains("타이레놀")
        );
        site.visit(browser, "/?query=없는약이름입니다").await?;
        browser.role("heading", "검색 결과가 없습니다").await?;
        assert_eq!(text(browser, ".count").await?, "0건");
        Ok(())
    })
    .await;
}

/// The photos of the MFDS can't be reached from here: the pill is drawn from what is known of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pill_is_drawn_where_its_photo_cannot_be_loaded() {
    let site = Site::open().await;
    visit("drawn-pill", View::DESKTOP, async |browser| {
        site.visit(browser, "/?query=페니라민정").await?;
        browser
            .until_js("!document.querySelector('.hits li:first-child img')")
            .await?;
        let drawing = browser.css(".hits li:first-child svg[role=img]").await?;
        let label = drawing.attr("aria-label").await?.unwrap();
        for said in ["노랑", "원형", "YH"] {
            assert!(label.contains(said), "{said}: {label}");
        }
        assert!(drawing.html(true).await?.contains("YH"));
        Ok(())
    })
    .await;
}
