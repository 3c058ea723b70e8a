//! The order of a search is one sentence: match class (exact, prefix, contains, initials or layout,
//! fuzzy), then most wished, then name, then id.

use std::cmp::Reverse;
use std::sync::Arc;

use chrono::Utc;
use domain::catalogue::{
    Cancellation, CancellationState, Composition, Dispensing, Medicine, MedicineId,
};
use domain::hangul::name::Name;
use domain::hangul::normalise::Stage;
use proptest::prelude::*;
use serde_json::Value;

use super::{Filters, Page, SearchRequest, Sort, search};
use crate::catalogue::snapshot::{Field, Popularity, SnapshotBuilder};
use crate::catalogue::state::View;
use crate::catalogue::store::{GenerationId, Pointer};

fn medicine(id: i64, name: &str) -> Medicine {
    Medicine {
        id: MedicineId::new(id).unwrap(),
        name: name.to_owned(),
        english_name: None,
        maker: "제약".to_owned(),
        maker_english: None,
        dispensing: Dispensing::Otc,
        class: None,
        permitted_on: None,
        changed_on: None,
        cancellation: Cancellation {
            state: CancellationState::Valid,
            date: None,
        },
        appearance: None,
        storage: None,
        valid_term: None,
        pack_unit: None,
        atc_code: None,
        ingredients_english: None,
        image_url: None,
        pills: Vec::new(),
        composition: Composition {
            variants: Vec::new(),
            additives: Vec::new(),
            additives_listed: true,
            complete: true,
            unparsed: Vec::new(),
        },
    }
}

/// A view of these names, the id being the place in the list, with so many wishes each.
fn view(products: &[(String, u32)]) -> View {
    let mut builder = SnapshotBuilder::default();
    let mut wishes = Vec::new();
    for (id, (name, count)) in (1..).zip(products) {
        let medicine = medicine(id, name);
        wishes.push((medicine.id, *count));
        builder.add(medicine);
    }
    let pointer = Pointer {
        generation: GenerationId::new(1),
        version: 1,
        synced_at: Utc::now(),
    };
    let snapshot = builder.build(pointer, Vec::new());
    let popularity = Popularity::new(&snapshot, &wishes);
    View::new(Arc::new(snapshot), Arc::new(popularity))
}

/// All hits, page by page, as they leave.
fn hits(view: &View, query: &str, size: usize) -> Vec<Value> {
    let page = |page| {
        let request = SearchRequest {
            without_allergens: false,
            query: Some(query.to_owned()),
            by: Field::Name,
            filters: Filters::default(),
            sort: Sort::Popular,
            facets: Vec::new(),
            page: Page { page, size },
        };
        serde_json::to_value(search(view, &request).unwrap()).unwrap()
    };
    let items = (1..).map(|at| page(at)["items"].as_array().unwrap().clone());
    items
        .take_while(|items| !items.is_empty())
        .flatten()
        .collect()
}

/// The sentence. Inside fuzzy the likelier slip and the fewer words beyond the query come first, or
/// a much wished look-alike would stand before what was meant.
fn key(query: &str, hit: &Value) -> impl Ord + std::fmt::Debug {
    let name = hit["name"].as_str().unwrap().to_owned();
    let (class, closeness) = match hit["match"].as_str().unwrap() {
        "exact" => (0, None),
        "prefix" => (1, None),
        "contains" => (2, None),
        "initials" | "layout" => (3, None),
        "fuzzy" => {
            let loose = |text: &str, stage| Name::parse(text, stage).loose_key();
            let asked = hit["understoodAs"]
                .as_str()
                .map(|_| loose(query, Stage::Typing));
            (4, asked.unwrap().matches(&loose(&name, Stage::Complete)))
        }
        other => panic!("{other}"),
    };
    let wishes = Reverse(hit["wishCount"].as_u64().unwrap());
    let id: i64 = hit["id"].as_str().unwrap().parse().unwrap();
    (class, closeness, wishes, name, id)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_order_is_exactly_the_sentence(
        products in prop::collection::vec(
            ("(타이레놀|타이레롤|타일|이타|xkdl|가|나){1,2}(정|캡슐)?(5|50)?", 0_u32..4),
            1..40,
        ),
        query in "타이레놀|타이레|타일|타이|타|이|ㅌㅇ|ㅌㅇㄹㄴ|xkdl|xk|타이래놀|타이래놀정|5 타이레놀|가|정",
        size in 1_usize..12,
    ) {
        let view = view(&products);
        let found = hits(&view, &query, size);
        let keys: Vec<_> = found.iter().map(|hit| key(&query, hit)).collect();
        prop_assert!(keys.is_sorted_by(|one, next| one < next), "{keys:#?}");
        prop_assert_eq!(&hits(&view, &query, 1000), &found, "pages are slices of one order");
        let all = products.iter().filter(|(name, _)| name.contains(&query));
        prop_assert!(found.len() >= all.count());
        let classes = |wanted: &str| found.iter().any(|hit| hit["match"] == wanted);
        prop_assert!(!classes("fuzzy") || found.iter().all(|hit| hit["match"] == "fuzzy"));
    }
}

#[test]
fn wishes_come_right_after_the_class() {
    let names = |products: &[(&str, u32)], query: &str| {
        let products: Vec<_> = products
            .iter()
            .map(|(name, wishes)| ((*name).to_owned(), *wishes))
            .collect();
        let found = hits(&view(&products), query, 10);
        let name = |hit: &Value| hit["name"].as_str().unwrap().to_owned();
        found.iter().map(name).collect::<Vec<_>>()
    };
    // Half-typed or whole, one prefix; first letters, or the other layout, at the beginning or
    // later: one class.
    assert_eq!(
        names(&[("달맞이정", 1), ("다리정", 2)], "달"),
        ["다리정", "달맞이정"]
    );
    assert_eq!(
        names(&[("타일정", 1), ("이타일정", 2)], "ㅌㅇ"),
        ["이타일정", "타일정"]
    );
    assert_eq!(
        names(&[("타일정", 1), ("이타일정", 2)], "xkdlf"),
        ["이타일정", "타일정"]
    );
    // The likelier slip, however many wish the other.
    assert_eq!(
        names(&[("타이레놀정", 0), ("타이라놀정", 9)], "타이래놀"),
        ["타이레놀정", "타이라놀정"]
    );
}
