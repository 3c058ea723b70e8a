//! Quotes and events: what admins write, and what everybody reads.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Asia::Seoul;
use domain::clock::Clock as _;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use web_api::content::store::quotes::{self, QuoteRow};

use crate::accounts_support::{day, persona};
use crate::db_support::on_both;
use crate::support::{Answer, TestApp};

const QUOTES: &str = "/admin/health-quotes";
const EVENTS: &str = "/admin/events";

async fn post(app: &TestApp, admin: &str, path: &str, body: &Value, key: Option<&str>) -> Answer {
    let header = key.map(|key| ("idempotency-key", key));
    app.as_persona(admin, Method::POST, path, Some(body), header.as_slice())
        .await
}

async fn with_admins(pool: &web_api::db::Pool) {
    let admins = |db: &mut web_api::db::Db| {
        for number in [5, 7] {
            persona(db, number);
        }
        Ok(())
    };
    pool.run(admins).await.unwrap();
}

/// `SplitMix64`: the same numbers on every run.
fn numbers(mut state: u64) -> impl FnMut() -> u64 {
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

on_both!(
    every_quote_is_drawn_as_often_as_any_other,
    |db| async move {
        const DRAWS: u32 = 1_800;
        let pool = db.migrated().await;
        let drawn = pool
            .run(|db| {
                assert_eq!(quotes::random(db, |count| count)?, None, "there is none");
                let mut ids = Vec::new();
                for number in 0..12 {
                    let row = QuoteRow {
                        text: format!("{number}"),
                        source: None,
                    };
                    ids.push(db.write_tx(|db| quotes::add(db, &row, day()))?.id);
                }
                // The first, one in between, the last: gaps in the ids that must not show.
                for gone in [0, 5, 11] {
                    assert!(db.write_tx(|db| quotes::delete(db, ids[gone]))?);
                    assert!(!db.write_tx(|db| quotes::delete(db, ids[gone]))?);
                }
                let mut next = numbers(7);
                let mut drawn: BTreeMap<i64, u32> = BTreeMap::new();
                for _ in 0..DRAWS {
                    let draw = |count: i64| {
                        let count = u64::try_from(count).unwrap();
                        i64::try_from(next() % count).unwrap() + 1
                    };
                    let quote = quotes::random(db, draw)?.unwrap();
                    *drawn.entry(quote.id).or_default() += 1;
                }
                let left: Vec<i64> = [1, 2, 3, 4, 6, 7, 8, 9, 10].map(|at: usize| ids[at]).into();
                assert_eq!(drawn.keys().copied().collect::<Vec<_>>(), left);
                Ok(drawn)
            })
            .await
            .unwrap();
        let expected = f64::from(DRAWS) / 9.0;
        let off = |count: &u32| (f64::from(*count) - expected).powi(2) / expected;
        let chi_square: f64 = drawn.values().map(off).sum();
        // Of 8 degrees of freedom one in ten thousand is above this.
        assert!(chi_square < 31.8, "{chi_square}: {drawn:?}");
    }
);

on_both!(every_hundred_double_clicks_make_one_row, |db| async move {
    let pool = db.migrated().await;
    with_admins(&pool).await;
    let app = TestApp::on(pool, &[]);
    app.get("/api/v1/health-quotes/random")
        .await
        .assert_problem(404, "no_health_quotes");
    let quote = json!({"text": "물을 마셔요.", "source": "동네 약국"});
    let today = app.clock.now().with_timezone(&Seoul).date_naive();
    let event =
        json!({"title": "정리", "text": "약장을\n정리해요.", "from": today, "until": today});
    for (path, rows, body) in [
        (QUOTES, "health_quotes", &quote),
        (EVENTS, "events", &event),
    ] {
        let clicks = (0..100).map(|_| post(&app, "admin-5", path, body, Some("key-1")));
        let answers = join_all(clicks).await;
        let mut bodies = Vec::new();
        for answer in answers {
            // Whoever finds no free connection is told to come again.
            match answer.status.as_u16() {
                201 => bodies.push(answer.text),
                503 => {}
                other => panic!("{other}: {}", answer.text),
            }
        }
        bodies.push(post(&app, "admin-5", path, body, Some("key-1")).await.text);
        bodies.dedup();
        assert_eq!(bodies.len(), 1, "{bodies:?}");
        assert_eq!(db.count(rows), 1, "{rows}");
        assert_eq!(
            db.count("audit WHERE action = 'contentMade'"),
            db.count("health_quotes") + db.count("events")
        );
        // Another admin's key is another one, and no key is none.
        post(&app, "admin-7", path, body, Some("key-1")).await;
        post(&app, "admin-5", path, body, None).await;
        assert_eq!(db.count(rows), 3, "{rows}");
    }
    let other = json!({"text": "다른 말"});
    let problem = post(&app, "admin-5", QUOTES, &other, Some("key-1")).await;
    let problem = problem.assert_problem(422, "validation_failed");
    assert_eq!(problem["errors"][0]["field"], "Idempotency-Key");
    assert_eq!(problem["errors"][0]["code"], "idempotency_key_reused");
    app.clock.advance(TimeDelta::hours(25));
    let later = post(&app, "admin-5", QUOTES, &other, Some("key-1")).await;
    assert_eq!(later.status, 201, "{}", later.text);
    assert_eq!(db.count("health_quotes"), 4);

    let drawn = app.get("/api/v1/health-quotes/random").await;
    assert_eq!(drawn.status, 200, "{}", drawn.text);
    assert_eq!(drawn.header("cache-control"), "no-store");
    assert_eq!(drawn.header("etag"), "");
    // Changed and deleted at once by many: no gap is left, and nobody gets a 500.
    let all = app
        .as_persona("admin-5", Method::GET, QUOTES, None, &[])
        .await
        .json();
    assert_eq!(all["total"], 4);
    let ids = all["items"].as_array().unwrap().iter();
    let paths: Vec<String> = ids
        .map(|one| format!("{QUOTES}/{}", one["id"].as_str().unwrap()))
        .collect();
    let put = app
        .as_persona("admin-5", Method::PUT, &paths[0], Some(&other), &[])
        .await;
    assert_eq!(put.json()["text"], "다른 말", "{}", put.text);
    let deletes = paths.iter().take(3).flat_map(|path| {
        [path, path].map(|path| app.as_persona("admin-5", Method::DELETE, path, None, &[]))
    });
    let mut told: Vec<u16> = join_all(deletes)
        .await
        .iter()
        .map(|answer| answer.status.as_u16())
        .collect();
    told.sort_unstable();
    assert_eq!(told, [204, 204, 204, 404, 404, 404]);
    let position = db.console("SELECT CAST(position AS CHAR(9)) AS cell FROM health_quotes");
    assert_eq!(position.trim(), "1");
    app.stop().await;
});

/// A moment of the day that the clock shows, or of the next one, in Korea.
fn at(now: DateTime<Utc>, days: u64, time: (u32, u32, u32)) -> DateTime<Utc> {
    let (hour, minute, second) = time;
    let day = now.with_timezone(&Seoul).date_naive();
    let day = day.checked_add_days(Days::new(days)).unwrap();
    let local = day.and_hms_opt(hour, minute, second).unwrap();
    Seoul
        .from_local_datetime(&local)
        .unwrap()
        .with_timezone(&Utc)
}

on_both!(
    events_run_on_every_day_from_first_to_last,
    |db| async move {
        let pool = db.migrated().await;
        with_admins(&pool).await;
        let app = TestApp::on(pool, &[]);
        let set = |moment: DateTime<Utc>| app.clock.advance(moment - app.clock.now());
        set(at(app.clock.now(), 1, (12, 0, 0)));
        let today = app.clock.now().with_timezone(&Seoul).date_naive();
        let tomorrow = today.checked_add_days(Days::new(1)).unwrap();
        let make = async |title: &str, from, until| {
            let body = json!({"title": title, "text": "내용", "from": from, "until": until,
            "imageUrl": "https://example.com/a.png"});
            let made = post(&app, "admin-5", EVENTS, &body, None).await;
            assert_eq!(made.status, 201, "{}", made.text);
        };
        make("내일", tomorrow, tomorrow).await;
        make("이틀", today, tomorrow).await;
        make("오늘", today, today).await;
        make(
            "지난 일",
            today.pred_opt().unwrap(),
            today.pred_opt().unwrap(),
        )
        .await;
        let running = async || {
            let answer = app.get("/api/v1/events").await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            let age = answer.header("cache-control").to_owned();
            let age = age.strip_prefix("public, max-age=").unwrap();
            let events = answer.json();
            let titles = events["items"].as_array().unwrap().iter();
            let titles: Vec<String> = titles
                .map(|one| one["title"].as_str().unwrap().to_owned())
                .collect();
            (titles, age.parse::<u64>().unwrap())
        };
        assert_eq!(
            running().await,
            (vec!["오늘".to_owned(), "이틀".to_owned()], 60)
        );
        let tag = app.get("/api/v1/events").await.header("etag").to_owned();
        let request = app.request(Method::GET, "/api/v1/events");
        let same = app.send(request.header("if-none-match", tag)).await;
        assert_eq!(same.status, 304);
        // Less than a minute before midnight nothing may be kept beyond it.
        set(at(app.clock.now(), 0, (23, 59, 10)));
        let (_, age) = running().await;
        assert!(age <= 51, "{age}");
        set(at(app.clock.now(), 1, (0, 0, 1)));
        assert_eq!(running().await.0, ["이틀", "내일"]);
        let all = app
            .as_persona(
                "admin-5",
                Method::GET,
                "/admin/events?pageSize=3",
                None,
                &[],
            )
            .await
            .json();
        assert_eq!(
            (
                all["total"].as_u64(),
                all["items"].as_array().unwrap().len()
            ),
            (Some(4), 3)
        );

        let wrong = json!({"title": " ", "text": "a\u{0}", "linkUrl": "http://example.com",
        "imageUrl": "javascript:1", "from": "2026-03-02", "until": "2026-03-01"});
        let problem = post(&app, "admin-5", EVENTS, &wrong, None).await;
        let problem = problem.assert_problem(422, "validation_failed");
        let errors = problem["errors"].as_array().unwrap().iter();
        let told: Vec<_> = errors
            .map(|one| {
                (
                    one["field"].as_str().unwrap(),
                    one["code"].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("title", "required"),
                ("text", "control_character"),
                ("linkUrl", "malformed_url"),
                ("imageUrl", "malformed_url"),
                ("until", "ends_before_start"),
            ]
        );
        for path in ["/admin/events/99", "/admin/health-quotes/99"] {
            let gone = app
                .as_persona("admin-5", Method::DELETE, path, None, &[])
                .await;
            assert_eq!(gone.status, 404, "{path}");
        }
        app.stop().await;
    }
);
