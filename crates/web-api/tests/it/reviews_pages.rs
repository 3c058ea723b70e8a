//! Lists of reviews: nothing twice, nothing skipped, and the last page costs what the first does.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use diesel::connection::InstrumentationEvent;
use diesel::prelude::*;
use domain::catalogue::MedicineId;
use domain::review::{Cursor, Keyword, Sort};
use reqwest::Method;
use serde_json::json;
use web_api::db::{Db, DbError};
use web_api::reviews::store::pages::{self, Wanted};

use crate::db_support::{ROWS_READ, TestDb, on_both, session_sum};
use crate::reviews_kit::{NOTICE, call, ids, listed, published, reviews, served, stocked};
use crate::support::sample;

/// Reviews of one medicine, and of another one by the same people.
const MANY: usize = 2_000;

/// As many members with reviews as a console makes.
fn fill(db: &TestDb) {
    let numbers = format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY})"
    );
    let (id, phone, at, mysql) = match db.mysql.is_some() {
        true => (
            "CONCAT('many', n.i)",
            "LPAD(n.i + 5000, 32, '0')",
            "TIMESTAMPADD(SECOND, n.i DIV 3, '2026-01-01 00:00:00')",
            true,
        ),
        false => (
            "'many' || n.i",
            "CAST(printf('%032d', n.i + 5000) AS BLOB)",
            "datetime('2026-01-01 00:00:00', '+' || (n.i / 3) || ' seconds')",
            false,
        ),
    };
    if mysql {
        db.console("SET GLOBAL max_recursive_iterations = 100000");
    }
    // `WHERE true`: SQLite takes what follows for a join's condition else.
    db.console(&format!(
        "INSERT INTO users (public_id, login_id, nickname, nickname_key, phone_index, role, state, state_changed_at, created_at, updated_at) \
         {numbers} SELECT {id}, {id}, {id}, {id}, {phone}, 'member', 'active', '2026-01-01 00:00:00', '2026-01-01 00:00:00', '2026-01-01 00:00:00' FROM n WHERE true"
    ));
    let review = if mysql {
        "CONCAT('019e0000-0000-7000-', LPAD(HEX(m.id % 7919), 4, '0'), '-', LPAD(HEX(n.i * 7919 % 65537), 12, '0'))"
    } else {
        "printf('019e0000-0000-7000-%04X-%012X', m.id % 7919, n.i * 7919 % 65537)"
    };
    for medicine in [sample::TYLENOL, sample::GEBORIN] {
        db.console(&format!(
            "INSERT INTO reviews (public_id, user_id, medicine_id, rating, body, folded, visibility, notice_version, notice_acknowledged_at, state, helpful, created_at, updated_at) \
             {numbers} SELECT {review}, u.id, m.id, 1 + n.i % 5, '도움이 되었으면 합니다', '도움이 되었으면 합니다', 'public', '{NOTICE}', '2026-01-01 00:00:00', 'shown', n.i % 17, {at}, {at} \
             FROM n JOIN users u ON u.public_id = {id} JOIN medicines m ON m.id = {medicine} WHERE true"
        ));
    }
    db.console("UPDATE reviews SET folded = '드문말' WHERE user_id IN (SELECT id FROM users WHERE public_id IN ('many1', 'many2', 'many1999'))");
    db.console(if mysql {
        "ANALYZE TABLE reviews, users"
    } else {
        "ANALYZE"
    });
}

fn wanted(sort: Sort, after: Option<Cursor>) -> Wanted {
    Wanted {
        medicine: MedicineId::new(sample::TYLENOL).unwrap(),
        sort,
        keyword: None,
        after,
        most: 20,
    }
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = diesel::sql_types::Text)]
    detail: String,
}

fn instrument(db: &mut Db, watch: impl FnMut(InstrumentationEvent<'_>) + Send + 'static) {
    match db {
        Db::Mysql(connection) => connection.set_instrumentation(watch),
        Db::Sqlite(connection) => connection.set_instrumentation(watch),
    }
}

/// How SQLite goes about the statements that `work` runs.
fn plans(db: &mut Db, work: impl FnOnce(&mut Db)) -> Vec<String> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let note = Arc::clone(&seen);
    let Db::Sqlite(connection) = db else {
        work(db);
        return Vec::new();
    };
    connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string();
            let statement = text.split(" -- binds").next().unwrap().to_owned();
            note.lock().unwrap().push(statement);
        }
    });
    work(db);
    let Db::Sqlite(connection) = db else {
        return Vec::new();
    };
    connection.set_instrumentation(|_: InstrumentationEvent<'_>| {});
    let statements = seen.lock().unwrap().clone();
    let plan = |statement: &String| {
        let query = diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}"));
        let steps: Vec<Step> = query.load(&mut **connection).unwrap();
        steps
            .into_iter()
            .map(|step| step.detail)
            .collect::<Vec<_>>()
            .join("\n")
    };
    statements.iter().map(plan).collect()
}

on_both!(the_last_page_costs_what_the_first_does, |db| async move {
    let pool = stocked(&db, 1).await;
    fill(&db);
    assert_eq!(db.count("reviews"), 2 * u64::try_from(MANY).unwrap());
    let work = |db: &mut Db| -> Result<(), DbError> {
        for sort in [Sort::Newest, Sort::Helpful] {
            let mut after = None;
            let mut seen = BTreeSet::new();
            let mut costs = Vec::new();
            loop {
                let before = session_sum(db, ROWS_READ);
                let page = pages::shown(db, &wanted(sort, after.clone()))?;
                // The statement before was counted, too: it reads the counters.
                costs.push(session_sum(db, ROWS_READ) - before);
                let count = seen.len() + page.items.len();
                seen.extend(page.items.iter().map(|shown| shown.review.id.clone()));
                assert_eq!(seen.len(), count, "nothing twice");
                if page.next.is_none() {
                    break;
                }
                after = page.next;
            }
            assert_eq!(seen.len(), MANY, "nothing is skipped");
            let most = costs.iter().max().unwrap();
            assert!(most - costs[0] <= 30, "{sort}: {costs:?}");
            // What few reviews hold is found as well, some of them at a time.
            let mut found = Vec::new();
            let (mut pages, mut looked_to) = (0, None);
            loop {
                let rare = Wanted {
                    keyword: Keyword::parse("드문말").unwrap(),
                    ..wanted(sort, looked_to.clone())
                };
                let page = pages::shown(db, &rare)?;
                found.extend(page.items.iter().map(|shown| shown.review.id.clone()));
                (pages, looked_to) = (pages + 1, page.next);
                if looked_to.is_none() {
                    break;
                }
            }
            assert_eq!((found.len(), pages), (3, 3), "{sort}");
            let plans = plans(db, |db| {
                pages::shown(db, &wanted(sort, after.clone())).unwrap();
            });
            let prefix = "(medicine_id=? AND visibility=? AND state=? AND ";
            let entered = match sort {
                Sort::Newest => vec![format!("reviews_newest {prefix}created_at<?)")],
                Sort::Helpful => vec![
                    format!("reviews_helpful {prefix}helpful=? AND created_at<?)"),
                    format!("reviews_helpful {prefix}helpful<?)"),
                ],
            };
            for index in entered {
                let found = plans.iter().any(|plan| plan.contains(&index));
                assert!(found || plans.is_empty(), "{index}: {plans:?}");
            }
            assert!(
                !plans.iter().any(|plan| plan.contains("TEMP B-TREE")),
                "{plans:?}"
            );
        }
        Ok(())
    };
    pool.run(work).await.unwrap();
});

// Between the two statements of a page: what came past in the first has changed when the second reads it.
on_both!(
    what_is_taken_back_meanwhile_is_on_no_page,
    |db| async move {
        let pool = stocked(&db, 1).await;
        fill(&db);
        let beside = Arc::clone(&db);
        let work = move |db: &mut Db| -> Result<(), DbError> {
            let mut seen = Vec::new();
            let mut after = None;
            for taken_back in [
                "UPDATE reviews SET visibility = 'private', sealed = 'x', body = NULL, folded = NULL",
                "UPDATE reviews SET state = 'reported'",
                "DELETE FROM reviews",
            ] {
                let ids = |wanted: &Wanted, db: &mut Db| -> Result<_, DbError> {
                    let page = pages::shown(db, wanted)?;
                    let ids = page.items.iter().map(|shown| shown.review.id.clone());
                    Ok((ids.collect::<Vec<_>>(), page.next))
                };
                let wanted = wanted(Sort::Newest, after);
                let (whole, next) = ids(&wanted, db)?;
                assert_eq!(whole.len(), 20);
                // The last of the page and one before.
                let statement = format!(
                    "{taken_back} WHERE public_id IN ('{}', '{}')",
                    whole[19], whole[7]
                );
                let (console, mut statements) = (Arc::clone(&beside), 0);
                instrument(db, move |event| {
                    if let InstrumentationEvent::StartQuery { .. } = event {
                        statements += 1;
                        if statements == 2 {
                            console.console(&statement);
                        }
                    }
                });
                let (left, next_then) = ids(&wanted, db)?;
                instrument(db, |_| {});
                let stay = whole.iter().enumerate();
                let stay = stay.filter(|(at, _)| ![7, 19].contains(at));
                let stay: Vec<String> = stay.map(|(_, id)| id.clone()).collect();
                assert_eq!(left, stay, "{taken_back}");
                assert_eq!(next_then, next, "{taken_back}");
                seen.extend(left);
                after = next;
            }
            // The list goes on behind what has gone.
            let rest = pages::shown(db, &wanted(Sort::Newest, after))?;
            assert_eq!(rest.items.len(), 20);
            let twice = |id: &String| seen.contains(id);
            assert!(!rest.items.iter().any(|shown| twice(&shown.review.id)));
            Ok(())
        };
        pool.run(work).await.unwrap();
    }
);

on_both!(pages_go_on_while_others_write, |db| async move {
    let pool = stocked(&db, 30).await;
    let app = served(pool, &[]).await;
    let mut stay = Vec::new();
    for member in 1..=12 {
        stay.push(published(&app, member, 3, "읽는 동안에도 쓰입니다.").await);
    }
    let mut seen = Vec::new();
    let mut cursor = String::new();
    for turn in 0.. {
        let page = listed(&app, &format!("?pageSize=3{cursor}")).await;
        seen.extend(ids(&page));
        let Some(next) = page["nextCursor"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
        // A new one comes before, the last that was read goes, one that waits goes.
        published(&app, 13 + turn, 5, "새로 쓴 이야기입니다 여기.").await;
        let last = seen.last().unwrap().clone();
        let author = 1 + i64::try_from(stay.iter().position(|id| *id == last).unwrap()).unwrap();
        let gone = call(
            &app,
            author,
            Method::DELETE,
            &format!("/reviews/{last}"),
            None,
        )
        .await;
        assert_eq!(gone.status, 204);
    }
    stay.reverse();
    assert_eq!(seen, stay);
    let one = json!({"rating": 3, "text": "마지막으로 하나 더 씁니다."});
    assert_eq!(
        call(&app, 30, Method::POST, &reviews(), Some(one))
            .await
            .status,
        201
    );
    let mut own = Vec::new();
    let page = call(&app, 30, Method::GET, "/me/reviews?pageSize=1", None)
        .await
        .json();
    own.extend(ids(&page));
    assert_eq!((own.len(), page["nextCursor"].is_null()), (1, true));
    app.stop().await;
});
