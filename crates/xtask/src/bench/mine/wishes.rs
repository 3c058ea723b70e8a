//! Wishing and taking back, against the least that a program with Diesel does in the same database.

use anyhow::Context;
use serde::Deserialize;
use serde_json::json;

use super::super::catalogue::contest::{float, median};
use super::super::report::Row;
use super::{CONNECTIONS, POOL, Scene, millis};
use crate::say::say;

/// What each member wishes in a turn, besides his 100.
const WISHES: usize = 16;
/// The least ratio of changes a second, against plain inserts.
const RATIO: f64 = 0.5;

/// How it went; times are in microseconds.
#[derive(Debug, Deserialize)]
struct Wished {
    /// Changes of one kind in a turn.
    rows: u64,
    rounds: Vec<Round>,
    wish: Latencies,
    unwish: Latencies,
}

/// How long all changes of a turn took.
#[derive(Debug, Deserialize)]
struct Round {
    wish: u64,
    unwish: u64,
    insert: u64,
    delete: u64,
}

#[derive(Debug, Deserialize)]
struct Latencies {
    p50: u64,
    p99: u64,
}

pub(super) fn turns(rounds: usize, members: u32) -> String {
    format!(
        "{rounds} turns a side; in each {members} members wish {WISHES} products and take them back, and a program \
         with nothing but Diesel stores and deletes as many rows of the same shape, one a transaction, over as \
         many connections ({POOL})"
    )
}

/// The same amount of changes on both sides.
pub(super) fn measure(scene: &Scene<'_>) -> anyhow::Result<Vec<Row>> {
    say("Wishing and taking back, in turns with plain rows");
    // The first page is wished already.
    let products = scene.serving.page(2)?;
    let ids = products
        .iter()
        .take(WISHES)
        .map(|product| product.id.parse());
    let medicines: Vec<i64> = ids.collect::<Result<_, _>>().context("ids of products")?;
    let work = json!({ "wishes": {
        "bearers": scene.tokens,
        "medicines": medicines,
        "connections": CONNECTIONS,
        "database": scene.stand.url(),
        "database_connections": POOL,
        "warm_up_rounds": 2,
        "rounds": scene.rounds,
    } });
    let wished = scene
        .generator
        .run(scene.serving.port, "identity", &work)
        .context("the contest of wishes")?;
    Ok(rows(&wished, scene.database))
}

fn rows(wished: &Wished, database: &str) -> Vec<Row> {
    let goal = |what, of: fn(&Round) -> u64| {
        // As many changes on both sides: rates are to each other as times are the other way round.
        let ratios = wished.rounds.iter();
        let ratios = ratios.map(|round| float(round.insert) / float(of(round)).max(1.0));
        let ratio = median(ratios.collect());
        Row::goal(
            format!("{database}: {what} against a plain insert"),
            format!("{ratio:.2}"),
            format!("at least {RATIO}"),
            ratio >= RATIO,
        )
    };
    let rate = |of: fn(&Round) -> u64| {
        let rounds = wished.rounds.iter();
        let rates = rounds.map(|round| float(wished.rows) * 1e6 / float(of(round)).max(1.0));
        format!("{:.0}/s", median(rates.collect()))
    };
    let side =
        |of, seen: &Latencies| format!("{}, {}, {}", rate(of), millis(seen.p50), millis(seen.p99));
    vec![
        goal("wish", |round| round.wish),
        goal("un-wish", |round| round.unwish),
        Row::plain(
            "… wish: rate, median, p99",
            side(|round| round.wish, &wished.wish),
        ),
        Row::plain("… un-wish", side(|round| round.unwish, &wished.unwish)),
        Row::plain("… plain insert", rate(|round| round.insert)),
        Row::plain("… plain delete", rate(|round| round.delete)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::report;

    fn wished(unwish: u64) -> Wished {
        let latencies = || Latencies { p50: 1, p99: 2 };
        let round = |wish| Round {
            wish,
            unwish,
            insert: 1_000,
            delete: 1_000,
        };
        Wished {
            rows: 10,
            rounds: [2_000, 1_000, 4_000].map(round).into(),
            wish: latencies(),
            unwish: latencies(),
        }
    }

    #[test]
    fn the_middle_of_the_ratios_is_held_against_the_goal() {
        let folder = tempfile::tempdir().unwrap();
        let publish = |unwish| {
            let rows = rows(&wished(unwish), "SQLite");
            report::publish("mine", &[], &rows, "", folder.path()).unwrap()
        };
        assert!(!publish(2_001));
        assert!(publish(2_000));
        let page = std::fs::read_to_string(folder.path().join("bench/mine.md")).unwrap();
        for line in [
            "| SQLite: wish against a plain insert | 0.50 | at least 0.5 | yes |",
            "| … plain insert | 10000/s |",
        ] {
            assert!(page.contains(line), "{page}");
        }
    }
}
