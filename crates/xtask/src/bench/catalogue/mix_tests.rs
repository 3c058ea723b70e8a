use std::collections::HashSet;

use super::*;

/// Names of four syllables, all different, with a strength and an ingredient.
fn products(count: u32) -> Vec<Product> {
    let mut random = fastrand::Rng::with_seed(7);
    let mut syllable = || char::from_u32(random.u32(0xAC00..0xAC00 + 11_172)).unwrap();
    (0..count)
        .map(|id| {
            let mut word = |length: usize| (0..length).map(|_| syllable()).collect::<String>();
            Product {
                id: (200_000_001 + id).to_string(),
                name: format!("{}정{}밀리그램({})", word(4), id % 9 + 1, word(5)),
                maker: format!("(주){}제약", word(2)),
                ingredients: vec![word(5)],
            }
        })
        .collect()
}

fn mix() -> Vec<(Kind, Query)> {
    mixed(&products(5_000), 2_000, &mut fastrand::Rng::with_seed(3))
}

/// The share of requests whose query is so.
fn share(queries: &[(Kind, Query)], is: impl Fn(Kind, &Query) -> bool) -> f64 {
    let shares = Zipf::new(queries.len());
    let shares = shares.shares().zip(queries);
    let chosen = shares.filter(|(_, (kind, query))| is(*kind, query));
    chosen.map(|(share, _)| share).sum()
}

#[test]
fn two_thousand_different_searches_come_out() {
    let queries = mix();
    let paths: HashSet<String> = queries.iter().map(|(_, query)| query.path(0)).collect();
    assert_eq!((queries.len(), paths.len()), (2_000, 2_000));
}

#[test]
fn a_quarter_of_the_requests_are_initials_or_prefixes() {
    let queries = mix();
    for (wanted, percent) in SHARES {
        let share = share(&queries, |kind, _| kind == wanted);
        assert!((share * 100.0 - percent).abs() < 0.5, "{wanted:?}: {share}");
    }
    let quarter = share(&queries, |kind, _| {
        matches!(kind, Kind::Initials | Kind::Prefix)
    });
    assert!((0.245..0.255).contains(&quarter), "{quarter}");
    let first = share(&queries, |_, query| query.page == 1);
    assert!((0.88..0.98).contains(&first), "{first}");
}

#[test]
fn queries_are_typed_as_their_kind_says() {
    let is_initial = |c: char| ('ㄱ'..='ㅎ').contains(&c);
    for (kind, query) in mix() {
        let initials = query.text.chars().all(is_initial);
        assert_eq!(initials, kind == Kind::Initials, "{query:?}");
        let elsewhere = matches!(kind, Kind::Ingredient | Kind::Maker);
        assert_eq!(elsewhere, !query.by.is_empty(), "{query:?}");
        let strength = query.text.contains(|c: char| c.is_ascii_digit());
        assert_eq!(strength, kind == Kind::Strength, "{query:?}");
    }
}

#[test]
fn every_spelling_is_another_address() {
    for (_, query) in mix().iter().take(20) {
        let paths: HashSet<String> = (0..5_000).map(|spelling| query.path(spelling)).collect();
        assert_eq!(paths.len(), 5_000, "{query:?}");
        assert!(paths.iter().all(|path| path.len() <= 512));
    }
}

#[test]
fn a_path_is_what_the_api_takes() {
    let query = Query {
        by: "&by=maker",
        page: 2,
        ..Query::name("가".to_owned())
    };
    assert_eq!(
        query.path(0),
        "/api/v1/medicines?query=%EA%B0%80&by=maker&page=2"
    );
    assert_eq!(
        query.path(0b1001),
        "/api/v1/medicines?query=%eA%B0%80&by=maker&page=02&pageSize=20"
    );
}

#[test]
fn suggestions_and_comparisons_are_all_different() {
    let products = products(1_000);
    let typed = suggestions(&products, 500, &mut fastrand::Rng::with_seed(1));
    assert_eq!(typed.iter().collect::<HashSet<_>>().len(), 500);
    let pairs = comparisons(&products, 100);
    assert_eq!(pairs.iter().collect::<HashSet<_>>().len(), 99);
    assert_eq!(
        pairs[0],
        "/api/v1/medicines/compare?ids=200000001,200000002"
    );
    assert_eq!(
        details(&products, 2),
        ["/api/v1/medicines/200000001", "/api/v1/medicines/200000002"]
    );
}

#[test]
fn common_pairs_are_counted_once_a_name() {
    let mut few = products(3);
    for (product, name) in few.iter_mut().zip(["가나가나", "가나다", "가 나다"]) {
        product.name = name.to_owned();
    }
    assert_eq!(
        common_pairs(&few, 2),
        [("가나".to_owned(), 2), ("나다".to_owned(), 2)]
    );
}
