//! The data layer: migrations, transactions, leases, outages.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use web_api::db::lease::Lease;
use web_api::db::schema::locks;
use web_api::db::{DatabaseSettings, Db, DbError, Pool};

use crate::db_support::{TestDb, on_both};

/// Tables, columns and keys as the database itself tells them.
fn schema_dump(db: &TestDb) -> String {
    let Some(mysql) = &db.mysql else {
        return db.console(
            "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS cell FROM sqlite_master \
             WHERE name NOT LIKE '\\_\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%' ORDER BY type, name",
        );
    };
    let columns = mysql
        .run(
            "SELECT table_name, column_name, column_type, is_nullable, column_key, collation_name, extra \
             FROM information_schema.columns WHERE table_schema = DATABASE() \
             AND table_name <> '__diesel_schema_migrations' ORDER BY table_name, ordinal_position",
        )
        .unwrap();
    let keys = mysql
        .run(
            "SELECT table_name, index_name, seq_in_index, column_name, non_unique \
             FROM information_schema.statistics WHERE table_schema = DATABASE() \
             AND table_name <> '__diesel_schema_migrations' ORDER BY 1, 2, 3",
        )
        .unwrap();
    format!("{columns}\n{keys}")
}

on_both!(migrations_go_up_down_and_up, |db| async move {
    let pool = db.pool();
    let up = pool.migrate().await.unwrap();
    assert!(up.len() >= 24, "{up:?}");
    let first = schema_dump(&db);
    assert!(
        first.contains("medicine_contents") && first.contains("wishes"),
        "{first}"
    );
    assert!(pool.migrate().await.unwrap().is_empty());
    let mut down = pool.revert_migrations(up.len()).await.unwrap();
    down.reverse();
    assert_eq!(down, up);
    assert_eq!(schema_dump(&db).trim(), "");
    assert_eq!(pool.migrate().await.unwrap(), up);
    assert_eq!(schema_dump(&db), first);
});

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |kind: &str| {
        let folder = format!("{}/../../migrations/{kind}", env!("CARGO_MANIFEST_DIR"));
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("mysql"), names("sqlite"));
    for name in names("mysql") {
        for way in ["up", "down"] {
            let file = format!(
                "{}/../../migrations/mysql/{name}/{way}.sql",
                env!("CARGO_MANIFEST_DIR")
            );
            let text = std::fs::read_to_string(file).unwrap();
            let statements: String = text
                .lines()
                .filter(|line| !line.starts_with("--"))
                .collect();
            // The body of a trigger has statements of its own.
            let body = statements.starts_with("CREATE TRIGGER") && statements.ends_with("END IF;");
            assert!(
                body || statements.matches(';').count() == 1,
                "one statement: {name}/{way}.sql"
            );
        }
    }
}

on_both!(instances_that_start_at_once_migrate_once, |db| async move {
    let pools: Vec<Pool> = (0..4).map(|_| db.pool()).collect();
    let mut tasks = tokio::task::JoinSet::new();
    for pool in pools {
        tasks.spawn(async move { pool.migrate().await.unwrap().len() });
    }
    let mut ran = tasks.join_all().await;
    ran.sort_unstable();
    assert!(ran.pop().unwrap() >= 13);
    assert_eq!(ran, [0, 0, 0]);
});

on_both!(a_failed_transaction_leaves_nothing, |db| async move {
    let pool = db.migrated().await;
    let failed: Result<(), DbError> = pool
        .run(|db| {
            db.write_tx(|db| {
                Lease::insert_for_test(db, "half-done")?;
                Err(DbError::LeaseLost)
            })
        })
        .await;
    assert!(matches!(failed, Err(DbError::LeaseLost)));
    assert_eq!(pool.run(lock_count).await.unwrap(), 0);
});

trait InsertForTest {
    fn insert_for_test(db: &mut Db, name: &str) -> Result<(), DbError>;
}

impl InsertForTest for Lease {
    fn insert_for_test(db: &mut Db, name: &str) -> Result<(), DbError> {
        let row = (
            locks::name.eq(name),
            locks::owner.eq("test"),
            locks::expires_at.eq(chrono::DateTime::UNIX_EPOCH.naive_utc()),
        );
        let insert = diesel::insert_into(locks::table).values(row);
        match db {
            Db::Mysql(c) => insert.execute(&mut **c)?,
            Db::Sqlite(c) => insert.execute(&mut **c)?,
        };
        Ok(())
    }
}

fn lock_count(db: &mut Db) -> Result<i64, DbError> {
    let count = locks::table.count();
    Ok(match db {
        Db::Mysql(c) => count.get_result(&mut **c)?,
        Db::Sqlite(c) => count.get_result(&mut **c)?,
    })
}

on_both!(a_contradiction_is_a_conflict, |db| async move {
    let pool = db.migrated().await;
    pool.run(|db| Lease::insert_for_test(db, "one"))
        .await
        .unwrap();
    let twice = pool.run(|db| Lease::insert_for_test(db, "one")).await;
    assert!(matches!(twice, Err(DbError::Conflict(_))), "{twice:?}");
    assert_eq!(pool.run(lock_count).await.unwrap(), 1);
});

on_both!(writers_at_once_all_succeed, |db| async move {
    let pool = db.migrated().await;
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..8 {
        let pool = pool.clone();
        tasks.spawn(async move {
            for turn in 0..10 {
                pool.run(move |db| {
                    db.write_tx(|db| {
                        lock_count(db)?;
                        Lease::insert_for_test(db, &format!("{writer}-{turn}"))
                    })
                })
                .await
                .unwrap();
            }
        });
    }
    tasks.join_all().await;
    assert_eq!(pool.run(lock_count).await.unwrap(), 80);
});

on_both!(one_holder_at_a_time_and_none_for_ever, |db| async move {
    let pool = db.migrated().await;
    let first = Lease::new("sync", Duration::from_secs(1));
    let second = Lease::new("sync", Duration::from_secs(60));
    let (one, two) = (first.clone(), second.clone());
    pool.run(move |db| {
        assert!(one.acquire(db)?);
        assert!(one.acquire(db)?, "it is ours already");
        assert!(!two.acquire(db)?, "it is another's");
        assert!(matches!(two.hold(db), Err(DbError::LeaseLost)));
        one.hold(db)
    })
    .await
    .unwrap();
    // The first holder is dead from here.
    let began = Instant::now();
    let taken = test_kit::eventually_async(Duration::from_secs(10), async || {
        let two = second.clone();
        pool.run(move |db| two.acquire(db)).await.unwrap()
    })
    .await;
    assert!(taken);
    assert!(
        began.elapsed() > Duration::from_millis(500),
        "its time was respected"
    );
    pool.run(move |db| {
        assert!(matches!(first.hold(db), Err(DbError::LeaseLost)));
        first.release(db)?;
        second.hold(db)?;
        second.release(db)?;
        assert!(first.acquire(db)?);
        Ok(())
    })
    .await
    .unwrap();
});

on_both!(
    a_panic_or_an_abandoned_call_costs_no_connection,
    |db| async move {
        let pool = db.migrated().await;
        let running = Arc::new(AtomicUsize::new(0));
        for _ in 0..20 {
            let panicked = tokio::spawn({
                let pool = pool.clone();
                async move {
                    pool.run::<(), _>(|_| std::panic::resume_unwind(Box::new("on purpose")))
                        .await
                }
            })
            .await;
            assert!(panicked.is_err());
            let abandoned = tokio::spawn({
                let (pool, running) = (pool.clone(), Arc::clone(&running));
                async move {
                    pool.run(move |db| {
                        running.fetch_add(1, Ordering::SeqCst);
                        lock_count(db)
                    })
                    .await
                }
            });
            abandoned.abort();
        }
        for _ in 0..8 {
            pool.run(lock_count).await.unwrap();
        }
        assert!(pool.state().open <= 4);
    }
);

/// A private server, because it is killed.
fn private_server() -> Option<test_kit::MariaDb> {
    if !test_kit::MariaDb::is_installed() {
        test_kit::skip_or_fail("MariaDB is not installed");
        return None;
    }
    Some(test_kit::MariaDb::start().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recovers_when_the_server_comes_back() {
    let Some(mut server) = private_server() else {
        return;
    };
    let database = test_kit::TestDatabase::on(&server.url()).unwrap();
    let settings = DatabaseSettings {
        url: database.url().parse().unwrap(),
        pool_size: 4,
    };
    let pool = Pool::new(&settings);
    pool.migrate().await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let pool = pool.clone();
        tasks.spawn(async move { pool.run(lock_count).await.unwrap() });
    }
    tasks.join_all().await;

    server.kill().unwrap();
    let mut slowest = Duration::ZERO;
    for _ in 0..8 {
        let began = Instant::now();
        let down = pool.run(lock_count).await;
        assert!(matches!(down, Err(DbError::Unavailable(_))), "{down:?}");
        slowest = slowest.max(began.elapsed());
    }
    assert!(slowest < Duration::from_secs(6), "{slowest:?}");
    let began = Instant::now();
    assert!(pool.run(lock_count).await.is_err());
    assert!(
        began.elapsed() < Duration::from_millis(200),
        "a known outage is told at once"
    );

    server.restart().unwrap();
    let back = test_kit::eventually_async(Duration::from_secs(15), async || {
        pool.run(lock_count).await.is_ok()
    })
    .await;
    assert!(back, "the pool recovers by itself");
    for _ in 0..20 {
        pool.run(lock_count).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_hangs_hangs_nobody() {
    let Some(server) = private_server() else {
        return;
    };
    let database = test_kit::TestDatabase::on(&server.url()).unwrap();
    let settings = DatabaseSettings {
        url: database.url().parse().unwrap(),
        pool_size: 2,
    };
    let pool = Pool::new(&settings);
    pool.migrate().await.unwrap();
    server.pause().unwrap();
    let began = Instant::now();
    let hung = pool.run_within(Duration::from_secs(1), lock_count).await;
    assert!(matches!(hung, Err(DbError::Unavailable(_))), "{hung:?}");
    assert!(
        began.elapsed() < Duration::from_secs(5),
        "{:?}",
        began.elapsed()
    );
    server.resume().unwrap();
    let back = test_kit::eventually_async(Duration::from_secs(20), async || {
        pool.run(lock_count).await.is_ok()
    })
    .await;
    assert!(back);
}

#[tokio::test]
async fn a_database_that_was_never_there_is_unavailable() {
    let port = test_kit::free_port().unwrap();
    let url = format!("mysql://root:hunter2@127.0.0.1:{port}/web");
    let pool = Pool::new(&DatabaseSettings {
        url: url.parse().unwrap(),
        pool_size: 2,
    });
    let error = pool.ping().await.unwrap_err();
    assert!(matches!(error, DbError::Unavailable(_)));
    assert!(!format!("{error:?} {pool:?}").contains("hunter2"));
}

// A machine that loses its power in a transaction closes no connection: its locks must not stay for the
// server's usual eight hours.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_connection_is_given_up_soon() {
    #[derive(diesel::QueryableByName)]
    struct Wait {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        seconds: i64,
    }
    let Some(db) = TestDb::mysql() else { return };
    let pool = db.pool();
    let asked = pool.run(|db| {
        let Db::Mysql(connection) = db else {
            panic!("MySQL was asked for")
        };
        let query = diesel::sql_query("SELECT CAST(@@SESSION.wait_timeout AS SIGNED) AS seconds");
        let one: Wait = RunQueryDsl::get_result(query, &mut **connection)?;
        Ok(one.seconds)
    });
    assert!(asked.await.unwrap() <= 60);
}
