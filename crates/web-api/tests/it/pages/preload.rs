//! That a page names all the modules of its view at once, and none that it doesn't need.

use std::collections::BTreeSet;

use super::site::{GEBORIN, Site, TYLENOL};

#[tokio::test(flavor = "multi_thread")]
async fn modules_are_named_with_the_page() {
    let site = Site::open().await;
    for (path, view) in [
        ("/".to_owned(), "search"),
        (format!("/medicines/{TYLENOL}"), "medicine"),
        (format!("/compare?ids={TYLENOL},{GEBORIN}"), "compare"),
    ] {
        let page = site.app.get(&path).await.text;
        let script = between(&page, "<script type=\"module\" src=\"", "\"").remove(0);
        let base = script.strip_suffix("app.js").unwrap();
        let named = between(&page, "<link rel=\"modulepreload\" href=\"", "\"");
        let named = named.iter().map(|one| one.strip_prefix(base).unwrap());
        let mut needed = BTreeSet::new();
        let mut open = vec!["app.js".to_owned(), format!("views/{view}.js")];
        while let Some(module) = open.pop() {
            if needed.insert(module.clone()) {
                open.extend(imports(&site, base, &module).await);
            }
        }
        needed.remove("app.js");
        assert_eq!(
            named.map(str::to_owned).collect::<BTreeSet<_>>(),
            needed,
            "{path}"
        );
    }
}

/// What `module` imports before it runs.
async fn imports(site: &Site, base: &str, module: &str) -> Vec<String> {
    let answer = site.app.get(&format!("{base}{module}")).await;
    assert_eq!(answer.status, 200, "{module}");
    let inside = module.starts_with("views/");
    let written = between(&answer.text, " from \"", "\"");
    written
        .into_iter()
        .map(|one| match one.strip_prefix("../") {
            Some(above) => above.to_owned(),
            None if inside => one.replacen("./", "views/", 1),
            None => one.replacen("./", "", 1),
        })
        .collect()
}

fn between(text: &str, open: &str, close: &str) -> Vec<String> {
    let parts = text.split(open).skip(1);
    parts
        .filter_map(|part| Some(part.split_once(close)?.0.to_owned()))
        .collect()
}
