//! The sample: well-known Korean products, rendered into the feed's own raw format.

mod documents;
mod render;
mod table;

use std::collections::HashMap;

use super::{catalogue::Rows, operation::Operation, wire::Row};

/// All rows of the sample.
pub(crate) fn sample() -> Rows {
    let topics = table::topics();
    let products: Vec<_> = table::products().collect();
    let mut images = HashMap::new();
    for pill in table::pills() {
        images.entry(pill.number).or_insert(pill.image);
    }
    let mut rows = Vec::new();
    for product in &products {
        let Some(topic) = topics.get(product.topic) else {
            continue;
        };
        let image = images.get(product.number).copied().unwrap_or_default();
        rows.push((
            Operation::PermitDetail,
            render::permit_detail(product, topic),
        ));
        rows.push((Operation::PermitList, render::permit_list(product, image)));
        if product.over_the_counter() {
            rows.push((
                Operation::EasyDrug,
                render::easy_drug(product, topic, image),
            ));
        }
    }
    let by_number: HashMap<_, _> = products
        .iter()
        .map(|product| (product.number, product))
        .collect();
    for pill in table::pills() {
        if let Some(product) = by_number.get(pill.number) {
            rows.push((Operation::Pill, render::pill(product, &pill)));
        }
    }
    Rows::new(rows)
}

/// A record without a name: nobody could find it, so a careful reader rejects it.
pub(crate) fn rejected_record() -> Vec<(Operation, Row)> {
    let Some(first) = table::products().next() else {
        return Vec::new();
    };
    let topics = table::topics();
    let Some(topic) = topics.get(first.topic) else {
        return Vec::new();
    };
    let nameless = table::Product {
        number: "900000099",
        name: "",
        ..first
    };
    vec![
        (
            Operation::PermitDetail,
            render::permit_detail(&nameless, topic),
        ),
        (Operation::PermitList, render::permit_list(&nameless, "")),
    ]
}
