//! Reviews of a product that ten thousand people reviewed: the last page against the first.

use anyhow::Context;
use serde_json::{Value, json};
use test_kit::http;

use super::super::catalogue::contest::median;
use super::super::catalogue::generator::Side;
use super::super::report::Row;
use super::{CONNECTIONS, REQUEST_LIMIT, Scene, millis};
use crate::say::say;

const REVIEWS: u32 = 10_000;
const PAGE: usize = 20;
const ROUND_MILLIS: u64 = 300;
/// The least ratio of requests a second, last page against first: pages that cost the same, and what a busy machine
/// makes of it.
const RATIO: f64 = 0.8;

pub(super) fn turns(rounds: usize) -> String {
    format!(
        "{REVIEWS} of one product, pages of {PAGE}; {rounds} turns of {ROUND_MILLIS} ms a side, first page and last page"
    )
}

pub(super) fn measure(scene: &Scene<'_>) -> anyhow::Result<Vec<Row>> {
    let product = scene.serving.first_page()?;
    let product = product.first().context("no product")?.id.clone();
    say(&format!("Writing {REVIEWS} reviews of {product}"));
    scene.stand.sql(&members(scene.database))?;
    scene.stand.sql(&reviews(scene.database, &product))?;
    let mut rows = Vec::new();
    for sort in ["newest", "helpful"] {
        rows.append(&mut contest(scene, &product, sort)?);
    }
    Ok(rows)
}

fn contest(scene: &Scene<'_>, product: &str, sort: &str) -> anyhow::Result<Vec<Row>> {
    say(&format!("Reading reviews, {sort} first"));
    let first = format!("/api/v1/medicines/{product}/reviews?sort={sort}&pageSize={PAGE}");
    let last = last_page(scene.serving.port, &first)?;
    let work = json!({ "rounds": {
        "sides": [
            { "paths": [last], "order": [0] },
            { "paths": [first], "order": [0] },
        ],
        "connections": CONNECTIONS,
        "warm_up_rounds": 2,
        "rounds": scene.rounds,
        "round_millis": ROUND_MILLIS,
        "pid": scene.serving.server.pid(),
    } });
    let [last, first]: [Side; 2] = scene
        .generator
        .run(scene.serving.port, "identity", &work)
        .context("the contest of pages")?;
    let ratios = last.rounds.iter().zip(&first.rounds);
    let ratio = median(
        ratios
            .map(|(last, first)| last.rate() / first.rate())
            .collect(),
    );
    let side = |side: &Side| {
        let rate = side.rate();
        format!("{rate:.0}/s, {}, {}", millis(side.p50), millis(side.p99))
    };
    Ok(vec![
        Row::goal(
            format!(
                "{}: reviews, {sort} first: last page against first",
                scene.database
            ),
            format!("{ratio:.2}"),
            format!("at least {RATIO}"),
            ratio >= RATIO,
        ),
        Row::plain("… last page: rate, median, p99", side(&last)),
        Row::plain("… first page", side(&first)),
    ])
}

/// The address of the last whole page.
fn last_page(port: u16, first: &str) -> anyhow::Result<String> {
    let mut page = first.to_owned();
    loop {
        let answer = http::get(port, &page, REQUEST_LIMIT)?;
        anyhow::ensure!(answer.is_success(), "{page}: {}", answer.body);
        let answer: Value = serde_json::from_str(&answer.body)?;
        let Some(cursor) = answer.get("nextCursor").and_then(Value::as_str) else {
            return Ok(page);
        };
        page = format!("{first}&cursor={cursor}");
    }
}

/// The words that the two databases don't share.
struct Words {
    /// A number with text before it.
    named: &'static str,
    phone: &'static str,
    at: &'static str,
    id: &'static str,
}

fn words(database: &str) -> Words {
    if database == "MariaDB" {
        Words {
            named: "CONCAT('reader', n.i)",
            phone: "LPAD(n.i + 1000000, 32, '0')",
            at: "TIMESTAMPADD(SECOND, n.i * 60, '2026-01-01 00:00:00')",
            id: "CONCAT('019e0000-0000-7000-8000-', LPAD(HEX(n.i * 7919 % 65537), 12, '0'))",
        }
    } else {
        Words {
            named: "'reader' || n.i",
            phone: "CAST(printf('%032d', n.i + 1000000) AS BLOB)",
            at: "datetime('2026-01-01 00:00:00', '+' || (n.i * 60) || ' seconds')",
            id: "printf('019e0000-0000-7000-8000-%012X', n.i * 7919 % 65537)",
        }
    }
}

fn numbers() -> String {
    format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {REVIEWS})")
}

fn raised(database: &str) -> &'static str {
    if database == "MariaDB" {
        "SET SESSION max_recursive_iterations = 100000; "
    } else {
        ""
    }
}

fn members(database: &str) -> String {
    let Words { named, phone, .. } = words(database);
    let at = "'2026-01-01 00:00:00'";
    format!(
        "{}INSERT INTO users (public_id, login_id, nickname, nickname_key, phone_index, role, state, state_changed_at, created_at, updated_at) \
         {} SELECT {named}, {named}, {named}, {named}, {phone}, 'member', 'active', {at}, {at}, {at} FROM n WHERE 1 = 1",
        raised(database),
        numbers()
    )
}

fn reviews(database: &str, product: &str) -> String {
    let Words { named, at, id, .. } = words(database);
    let text = "'두통이 금방 가라앉았고 속도 편안했습니다.'";
    format!(
        "{}INSERT INTO reviews (public_id, user_id, medicine_id, rating, body, folded, visibility, notice_version, notice_acknowledged_at, state, helpful, created_at, updated_at) \
         {} SELECT {id}, u.id, {product}, 1 + n.i % 5, {text}, {text}, 'public', '2026-11-01', {at}, 'shown', n.i % 23, {at}, {at} \
         FROM n JOIN users u ON u.public_id = {named} WHERE 1 = 1",
        raised(database),
        numbers()
    )
}
