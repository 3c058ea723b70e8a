//! Searching signed in, against the same signed out.

use anyhow::Context;
use serde_json::json;

use super::super::catalogue::contest::median;
use super::super::catalogue::generator::Side;
use super::super::catalogue::mix;
use super::super::report::Row;
use super::{CONNECTIONS, Scene, millis};
use crate::say::say;

const QUERIES: usize = 2_000;
const ROUND_MILLIS: u64 = 300;
/// The least ratio of requests a second, signed in against signed out.
const RATIO: f64 = 0.7;

pub(super) fn turns(rounds: usize) -> String {
    format!(
        "{rounds} turns of {ROUND_MILLIS} ms a side, {QUERIES} queries, answers remembered on both sides"
    )
}

/// The same queries in the same order on both sides.
pub(super) fn measure(scene: &Scene<'_>) -> anyhow::Result<Vec<Row>> {
    say("Searching, signed in and signed out in turns");
    let mut random = fastrand::Rng::with_seed(1);
    let queries = mix::searches(&scene.serving.first_page()?, QUERIES, &mut random);
    let paths: Vec<String> = queries.iter().map(|query| query.path(0)).collect();
    let order: Vec<usize> = (0..paths.len()).collect();
    let work = json!({ "rounds": {
        "sides": [
            { "paths": paths, "order": order, "bearers": scene.tokens },
            { "paths": paths, "order": order },
        ],
        "connections": CONNECTIONS,
        "warm_up_rounds": 2,
        "rounds": scene.rounds,
        "round_millis": ROUND_MILLIS,
        "pid": scene.serving.server.pid(),
    } });
    let sides = scene
        .generator
        .run(scene.serving.port, "identity", &work)
        .context("the contest of searches")?;
    Ok(rows(&sides, scene.database))
}

fn rows([own, everybodys]: &[Side; 2], database: &str) -> Vec<Row> {
    let ratios = own.rounds.iter().zip(&everybodys.rounds);
    let ratio = median(
        ratios
            .map(|(own, other)| own.rate() / other.rate())
            .collect(),
    );
    let side = |side: &Side| {
        let rate = side.rate();
        format!("{rate:.0}/s, {}, {}", millis(side.p50), millis(side.p99))
    };
    vec![
        Row::goal(
            format!("{database}: search signed in against signed out"),
            format!("{ratio:.2}"),
            format!("at least {RATIO}"),
            ratio >= RATIO,
        ),
        Row::plain("… signed in: rate, median, p99", side(own)),
        Row::plain("… signed out", side(everybodys)),
    ]
}
