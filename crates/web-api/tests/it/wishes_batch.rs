//! Wishes of several members in one transaction: what it makes, and what it costs a database with many members.

use domain::catalogue::MedicineId;
use domain::token::UserId;
use web_api::db::{Db, DbError};
use web_api::wishes::batch::{Change, change_all};

use crate::db_support::{ROWS_READ, TestDb, on_both, session_sum};

/// Members, each of whom wishes the first three medicines.
const MEMBERS: i64 = 300;
const FIRST: i64 = 300_000_001;

fn fill(db: &TestDb) {
    let numbers = |most| {
        format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {most}) SELECT"
        )
    };
    let (id, phone) = match db.mysql {
        Some(_) => ("CONCAT('many', i)", "LPAD(i, 32, '0')"),
        None => ("'many' || i", "CAST(printf('%032d', i) AS BLOB)"),
    };
    let at = "'2026-01-01 00:00:00'";
    // `WHERE true`: SQLite takes what follows for a join's condition else.
    db.console(&format!(
        "INSERT INTO users (public_id, login_id, nickname, nickname_key, phone_index, role, state, state_changed_at, created_at, updated_at) \
         {} {id}, {id}, {id}, {id}, {phone}, 'member', 'active', {at}, {at}, {at} FROM n WHERE true",
        numbers(MEMBERS)
    ));
    db.console(&format!(
        "INSERT INTO medicines (id, first_seen_at) {} {FIRST} - 1 + i, {at} FROM n WHERE true",
        numbers(998)
    ));
    let wish = |condition: &str| {
        db.console(&format!(
            "INSERT INTO wishes (user_id, medicine_id, created_at) \
             SELECT u.id, m.id, {at} FROM users u, medicines m WHERE {condition}"
        ));
    };
    wish(&format!("m.id < {FIRST} + 3"));
    // Two are left for member 1.
    wish(&format!("u.public_id = 'many1' AND m.id >= {FIRST} + 3"));
    if db.mysql.is_some() {
        db.console("ANALYZE TABLE users, wishes");
    }
}

fn change(member: i64, product: i64, wished: bool) -> Change {
    Change {
        member: format!("many{member}").parse::<UserId>().unwrap(),
        medicine: MedicineId::new(FIRST + product).unwrap(),
        wished,
    }
}

on_both!(each_change_is_made_or_left_for_a_closer_look, |db| {
    async move {
        let pool = db.migrated().await;
        fill(&db);
        let more = "INSERT INTO medicines (id, first_seen_at) VALUES (400000001, '2026-01-01 00:00:00'), \
                    (400000002, '2026-01-01 00:00:00'), (400000003, '2026-01-01 00:00:00')";
        db.console(more);
        let before = db.count("wishes");
        let beyond = |product| 400_000_001 - FIRST + product;
        let work = move |db: &mut Db| -> Result<(), DbError> {
            let made = |db: &mut Db, changes: &[Change]| {
                db.write_tx(|db| change_all(db, changes))
                    .map_err(|error| format!("{error:?}"))
            };
            let changes = [
                change(2, 10, true),
                // Already, and twice.
                change(2, 0, true),
                change(2, 10, true),
                // Nobody.
                change(MEMBERS + 1, 10, true),
                change(MEMBERS + 1, 10, false),
                // There, and not there.
                change(3, 1, false),
                change(3, 11, false),
                // Three where there is room for two: who of them is left out, a closer look says.
                change(1, beyond(0), true),
                change(1, beyond(1), true),
                change(1, beyond(2), true),
                // Both at once: the wish comes first.
                change(4, 12, false),
                change(4, 12, true),
            ];
            let expected = [
                true, true, true, false, false, true, true, false, false, false, true, true,
            ];
            assert_eq!(made(db, &changes).unwrap(), expected);
            let two = [change(1, beyond(0), true), change(1, beyond(1), true)];
            assert_eq!(made(db, &two).unwrap(), [true, true]);
            // One wish that can't be leaves nothing of the others.
            let unseen = [change(5, 13, true), change(6, 900_000_000, true)];
            assert!(made(db, &unseen).unwrap_err().contains("Conflict"));
            Ok(())
        };
        pool.run(work).await.unwrap();
        let now = |wish: &str| {
            db.count(&format!(
                "wishes w JOIN users u ON u.id = w.user_id WHERE {wish}"
            ))
        };
        assert_eq!(db.count("wishes"), before + 1 - 1 + 2);
        assert_eq!(
            now(&format!(
                "u.public_id = 'many2' AND w.medicine_id = {FIRST} + 10"
            )),
            1
        );
        assert_eq!(
            now(&format!(
                "u.public_id = 'many3' AND w.medicine_id = {FIRST} + 1"
            )),
            0
        );
        assert_eq!(now("u.public_id = 'many1'"), 1_000);
        // What was there keeps its time.
        let kept = "u.public_id = 'many2' AND w.created_at < '2026-01-02 00:00:00'";
        assert_eq!(now(kept), 3);
    }
});

on_both!(a_batch_costs_what_stands_in_it, |db| async move {
    let pool = db.migrated().await;
    fill(&db);
    let work = |db: &mut Db| -> Result<(), DbError> {
        let mut costs = Vec::new();
        // Lists of other lengths up to the same power of two, of other members.
        for (first, count) in [(2, 16), (50, 9), (120, 13)] {
            let of = |product, wished| -> Vec<Change> {
                let members = first..first + count;
                members
                    .map(|member| change(member, product, wished))
                    .collect()
            };
            let whole = |db: &mut Db| {
                (
                    session_sum(db, ROWS_READ),
                    session_sum(db, "Com_stmt_prepare"),
                )
            };
            let before = whole(db);
            for changes in [of(20, true), of(1, false)] {
                let made = db.write_tx(|db| change_all(db, &changes))?;
                assert!(made.iter().all(|made| *made));
            }
            let after = whole(db);
            costs.push((after.0 - before.0, after.1 - before.1));
        }
        let Db::Mysql(_) = db else { return Ok(()) };
        for (rows, _) in &costs {
            // Of 300 members with 900 wishes; reading the counters is counted, too.
            assert!(*rows < 150, "{costs:?}");
        }
        // Those of the counters alone.
        assert_eq!(costs[1].1, 2, "{costs:?}");
        assert_eq!(costs[2].1, 2, "{costs:?}");
        Ok(())
    };
    pool.run(work).await.unwrap();
});

on_both!(nobody_waits_for_who_is_held_elsewhere, |db| async move {
    // SQLite has one writer: nobody is held elsewhere.
    if db.mysql.is_none() {
        return;
    }
    let pool = db.migrated().await;
    fill(&db);
    let (held, is_held) = std::sync::mpsc::channel();
    let (let_go, may_go) = std::sync::mpsc::channel::<()>();
    let holding = tokio::spawn({
        let pool = pool.clone();
        async move {
            let hold = move |db: &mut Db| {
                db.write_tx(|db| {
                    let held_by_id = web_api::accounts::store::users::hold_by_id;
                    assert!(held_by_id(db, &"many2".parse::<UserId>().unwrap())?.is_some());
                    held.send(()).unwrap();
                    may_go.recv().unwrap();
                    Ok(())
                })
            };
            pool.run(hold).await.unwrap();
        }
    });
    let work = move |db: &mut Db| {
        is_held.recv().unwrap();
        let changes = [1, 2, 3].map(|member| change(member, 0, false));
        let made = db.write_tx(|db| change_all(db, &changes));
        let_go.send(()).unwrap();
        made
    };
    // While he is held: else this waits until the server has enough of it.
    let made = pool.run(work).await.unwrap();
    assert_eq!(made, [true, false, true]);
    holding.await.unwrap();
});
