//! From three typed letters to a shared comparison.

use test_kit::browser::{Browser, Key, Name, View, visit};

use super::site::{GEBORIN, Site, TYLENOL, at, search_box, settled, text};

/// Waits for a chart that is painted, and told in words.
async fn chart_is_drawn(browser: &Browser) -> anyhow::Result<()> {
    let painted = "[...document.querySelectorAll('main canvas[role=img]')].some((canvas) => {
        const {width, height} = canvas;
        if (!width || !height || !canvas.getAttribute('aria-label').includes('mg')) return false;
        const inks = canvas.getContext('2d').getImageData(0, 0, width, height).data;
        return inks.some((value, at) => at % 4 === 3 && value > 0);
    })";
    browser.until_js(painted).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn initials_lead_to_a_comparison_by_keyboard_alone() {
    let site = Site::open().await;
    let mut shared = (String::new(), String::new());
    visit("flow-keyboard", View::DESKTOP, async |browser| {
        site.visit(browser, "/").await?;
        let input = search_box(browser).await?;
        browser.type_text("ㅌㅇㄹㄴ").await?;
        let list = browser.role("listbox", "검색 제안").await?;
        assert_eq!(input.attr("aria-expanded").await?.as_deref(), Some("true"));
        let offered = browser.names("option", Some(&list)).await?;
        let place = offered
            .iter()
            .position(|name| name.contains("타이레놀정500"))
            .unwrap();
        assert!(
            offered.iter().all(|name| name.contains("타이레놀")),
            "{offered:?}"
        );
        browser.css("#suggestions li:first-child mark").await?;
        for _ in 0..=place {
            browser.press(Key::Down).await?;
        }
        let active = browser.css("#suggestions [aria-selected=true]").await?;
        let pointed = input.attr("aria-activedescendant").await?;
        assert_eq!(pointed, active.attr("id").await?);
        browser.press(Key::Enter).await?;
        at(browser, &format!("/medicines/{TYLENOL}")).await?;
        settled(browser).await?;
        browser
            .until_js("document.activeElement.tagName === 'H1'")
            .await?;
        browser
            .role("heading", "타이레놀정500밀리그람(아세트아미노펜)")
            .await?;
        chart_is_drawn(browser).await?;
        let table = browser.css(".composition-table").await?.text().await?;
        assert!(
            table.contains("아세트아미노펜") && table.contains("500 mg"),
            "{table}"
        );

        let put = browser.role("button", Name::Has("비교함에 담기")).await?;
        put.send_keys(" ").await?;
        browser.role("link", "비교함 (1)").await?;
        browser
            .role("link", "검색")
            .await?
            .send_keys("\u{E007}")
            .await?;
        at(browser, "/").await?;
        search_box(browser).await?;
        browser.type_text("게보린").await?;
        browser.press(Key::Enter).await?;
        at(browser, "/?query=게보린").await?;
        settled(browser).await?;
        let put = browser
            .role("button", Name::Has("게보린정(수출명:돌로린정) 비교함"))
            .await?;
        put.send_keys(" ").await?;
        browser.role("link", "비교함 (2)").await?;
        browser
            .role("button", "비교하기")
            .await?
            .send_keys(" ")
            .await?;
        at(browser, &format!("/compare?ids={TYLENOL},{GEBORIN}")).await?;
        settled(browser).await?;
        browser.role("heading", "의약품 비교").await?;
        chart_is_drawn(browser).await?;
        let main = text(browser, "main").await?;
        for said in [
            "둘 다",
            "B에만",
            "다름",
            "이소프로필안티피린",
            "A가 더 많음",
        ] {
            assert!(main.contains(said), "{said}: {main}");
        }
        shared = (browser.address().await?, main);
        Ok(())
    })
    .await;
    visit("flow-shared", View::DESKTOP, async |browser| {
        site.visit(browser, &shared.0).await?;
        chart_is_drawn(browser).await?;
        assert_eq!(text(browser, "main").await?, shared.1);
        browser.client().refresh().await?;
        settled(browser).await?;
        assert_eq!(text(browser, "main").await?, shared.1);
        browser.role("link", "비교함 (0)").await?;
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn initials_lead_to_a_comparison_by_touch() {
    let site = Site::open().await;
    visit("flow-touch", View::PHONE, async |browser| {
        for (typed, medicine) in [("ㅌㅇㄹㄴ", "타이레놀정500"), ("ㄱㅂㄹ", "게보린정")]
        {
            site.visit(browser, "/").await?;
            let input = browser.role("combobox", "의약품 검색").await?;
            browser.tap(&input).await?;
            browser.type_text(typed).await?;
            let option = browser.role("option", Name::Has(medicine)).await?;
            browser.tap(&option).await?;
            browser
                .until_js("location.pathname.startsWith('/medicines/')")
                .await?;
            settled(browser).await?;
            chart_is_drawn(browser).await?;
            let put = browser.role("button", Name::Has("비교함에 담기")).await?;
            browser.tap(&put).await?;
            browser.css("main button[aria-pressed=true]").await?;
        }
        let go = browser.role("button", "비교하기").await?;
        browser.tap(&go).await?;
        at(browser, &format!("/compare?ids={TYLENOL},{GEBORIN}")).await?;
        settled(browser).await?;
        chart_is_drawn(browser).await
    })
    .await;
}

/// An input method shows a syllable before it is finished; its Enter finishes it and nothing else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_syllable_under_composition_suggests() {
    let site = Site::open().await;
    visit("flow-composition", View::DESKTOP, async |browser| {
        site.visit(browser, "/").await?;
        search_box(browser).await?;
        browser.compose("타일").await?;
        browser.role("option", Name::Has("타이레놀정500")).await?;
        browser.press_in_composition("Enter").await?;
        browser.commit("타이레").await?;
        browser
            .until_js("document.activeElement.value === '타이레'")
            .await?;
        browser.role("option", Name::Has("타이레놀정500")).await?;
        at(browser, "/").await?;
        browser.press(Key::Enter).await?;
        at(browser, "/?query=타이레").await?;
        browser.role("heading", "‘타이레’ 검색 결과").await?;
        Ok(())
    })
    .await;
}
