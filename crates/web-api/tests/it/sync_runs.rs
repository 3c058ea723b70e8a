//! Runs that stop, die or meet each other, and those that go on after them.
#![expect(clippy::panic, reason = "tests")]

use std::collections::BTreeMap;
use std::time::Duration;

use simulators::mfds::{Catalogue, Effect, Fault, Faults, Operation};
use tokio_util::sync::CancellationToken;
use web_api::mfds::sync::Outcome;

use crate::db_support::on_both;
use crate::sync_support::{current, feed, interrupted, products, run, swapped, synchroniser};

on_both!(
    the_quota_pauses_a_run_and_a_later_one_goes_on,
    |db| async move {
        let pool = db.migrated().await;
        let catalogue = Catalogue::generated(730, 3);
        let feed = feed(
            catalogue.clone(),
            Faults::none().with(Fault::new(Effect::Quota { after: 9 })),
        )
        .await;
        assert_eq!(run(&pool, &feed).await, Outcome::PausedByQuota);
        assert_eq!(current(&pool).await, None);
        let state = db.console("SELECT state AS cell FROM sync_runs");
        assert_eq!(state.trim(), "pausedByQuota");
        let stored: BTreeMap<Operation, Vec<u64>> = stored_pages(&db);
        assert!(!stored.is_empty());
        feed.handle.clear_faults();
        feed.handle.reset_counters();
        assert_eq!(swapped(&run(&pool, &feed).await), (products(&catalogue), 0));
        let counters = feed.handle.counters();
        for (operation, pages) in &stored {
            for page in pages {
                assert_eq!(
                    counters.page(*operation, *page),
                    0,
                    "{operation} {page} was there already"
                );
            }
        }
        for (operation, asked) in &counters.operations {
            assert!(
                asked.pages.values().all(|times| *times == 1),
                "{operation}: {asked:?}"
            );
        }
        assert_eq!(
            db.console("SELECT state AS cell FROM sync_runs").trim(),
            "succeeded",
            "the same run"
        );
        feed.stop().await;
    }
);

fn stored_pages(db: &crate::db_support::TestDb) -> BTreeMap<Operation, Vec<u64>> {
    let mut stored: BTreeMap<Operation, Vec<u64>> = BTreeMap::new();
    for line in db
        .console("SELECT CONCAT(operation, ' ', page) AS cell FROM sync_pages")
        .lines()
    {
        let (name, page) = line.split_once(' ').unwrap();
        let operation = match name {
            "permitDetail" => Operation::PermitDetail,
            "permitList" => Operation::PermitList,
            "pill" => Operation::Pill,
            "easyGuide" => Operation::EasyDrug,
            other => panic!("{other}"),
        };
        stored
            .entry(operation)
            .or_default()
            .push(page.parse().unwrap());
    }
    stored
}

on_both!(one_runner_at_a_time, |db| async move {
    let pool = db.migrated().await;
    let feed = feed(
        Catalogue::generated(250, 1),
        Faults::none().with(Fault::delay(Duration::from_millis(100))),
    )
    .await;
    let runners: Vec<_> = (0..3)
        .map(|_| {
            let runner = synchroniser(&pool, &feed, &[]);
            tokio::spawn(async move { runner.run(&CancellationToken::new()).await.unwrap() })
        })
        .collect();
    let mut outcomes = Vec::new();
    for runner in runners {
        outcomes.push(runner.await.unwrap().name());
    }
    outcomes.sort_unstable();
    assert_eq!(outcomes, ["busy", "busy", "swapped"]);
    feed.stop().await;
});

on_both!(a_stop_ends_a_run_that_goes_on_later, |db| async move {
    let pool = db.migrated().await;
    let catalogue = Catalogue::generated(700, 1);
    let slow = Faults::none().with(Fault::delay(Duration::from_millis(30)));
    let feed = feed(catalogue.clone(), slow).await;
    let runner = synchroniser(&pool, &feed, &[]);
    let mut progress = runner.progress();
    let stop = CancellationToken::new();
    let asked = stop.clone();
    let running = tokio::spawn(async move { runner.run(&stop).await.unwrap() });
    progress
        .wait_for(|now| now.operations.values().any(|one| one.pages >= 3))
        .await
        .unwrap();
    asked.cancel();
    let outcome = running.await.unwrap();
    assert!(interrupted(&outcome).contains("asked to stop"), "{outcome}");
    let stored: usize = stored_pages(&db).values().map(Vec::len).sum();
    assert!(stored >= 3);
    feed.handle.clear_faults();
    feed.handle.reset_counters();
    assert_eq!(swapped(&run(&pool, &feed).await), (products(&catalogue), 0));
    let all = u64::try_from(stored).unwrap() + feed.handle.counters().requests();
    let pages: u64 = [
        Operation::PermitDetail,
        Operation::PermitList,
        Operation::Pill,
        Operation::EasyDrug,
    ]
    .into_iter()
    .map(|operation| u64::try_from(catalogue.total(operation).div_ceil(100).max(1)).unwrap())
    .sum();
    assert_eq!(all, pages, "no page was asked for twice");
    feed.stop().await;
});

on_both!(a_dead_runner_is_succeeded, |db| async move {
    let pool = db.migrated().await;
    let catalogue = Catalogue::generated(300, 1);
    let slow = Faults::none().with(Fault::delay(Duration::from_millis(50)));
    let feed = feed(catalogue.clone(), slow).await;
    let runner = synchroniser(&pool, &feed, &[("SYNC_LEASE_SECONDS", "3")]);
    let mut progress = runner.progress();
    // A runtime of its own that is torn down: nothing of the runner is left, not even its heartbeat.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    runtime.spawn(async move { runner.run(&CancellationToken::new()).await });
    progress
        .wait_for(|now| now.operations.values().any(|one| one.pages >= 1))
        .await
        .unwrap();
    runtime.shutdown_background();
    assert_eq!(
        run(&pool, &feed).await,
        Outcome::Busy,
        "its lease is respected while it lasts"
    );
    feed.handle.clear_faults();
    let mut last = Outcome::Busy;
    let succeeded = test_kit::eventually_async(Duration::from_secs(20), async || {
        last = run(&pool, &feed).await;
        last != Outcome::Busy
    })
    .await;
    assert!(succeeded);
    assert_eq!(swapped(&last), (products(&catalogue), 0));
    feed.stop().await;
});

on_both!(a_run_of_long_ago_begins_anew, |db| async move {
    let pool = db.migrated().await;
    let catalogue = Catalogue::generated(300, 1);
    let feed = feed(
        catalogue.clone(),
        Faults::none().with(Fault::new(Effect::Quota { after: 5 })),
    )
    .await;
    assert_eq!(run(&pool, &feed).await, Outcome::PausedByQuota);
    db.console("UPDATE sync_runs SET started_at = '2026-01-01 00:00:00'");
    feed.handle.clear_faults();
    feed.handle.reset_counters();
    assert_eq!(swapped(&run(&pool, &feed).await), (products(&catalogue), 0));
    assert_eq!(
        feed.handle.counters().page(Operation::PermitList, 1),
        1,
        "read again"
    );
    let states = db.console("SELECT state AS cell FROM sync_runs ORDER BY id");
    assert_eq!(
        states.split_whitespace().collect::<Vec<_>>(),
        ["abandoned", "succeeded"]
    );
    feed.stop().await;
});

// A small quota: each day a part, and every day but the first more than two days after the begin.
on_both!(a_load_of_many_days_goes_on, |db| async move {
    let pool = db.migrated().await;
    let catalogue = Catalogue::generated(300, 1);
    let quota = Faults::none().with(Fault::new(Effect::Quota { after: 5 }));
    let feed = feed(catalogue.clone(), quota).await;
    let outcome = run(&pool, &feed).await;
    assert_eq!(outcome, Outcome::PausedByQuota);
    let begun = chrono::Utc::now() - chrono::TimeDelta::days(4);
    let begun = begun.format("%Y-%m-%d %H:%M:%S");
    db.console(&format!("UPDATE sync_runs SET started_at = '{begun}'"));
    feed.handle.clear_faults();
    assert_eq!(swapped(&run(&pool, &feed).await), (products(&catalogue), 0));
    let states = db.console("SELECT state AS cell FROM sync_runs");
    assert_eq!(states.trim(), "succeeded", "the same run");
    feed.stop().await;
});

on_both!(
    a_runner_that_lost_its_lease_writes_nothing,
    |db| async move {
        let pool = db.migrated().await;
        let slow = Faults::none().with(Fault::delay(Duration::from_millis(50)));
        let feed = feed(Catalogue::generated(900, 1), slow).await;
        let runner = synchroniser(&pool, &feed, &[("SYNC_LEASE_SECONDS", "3")]);
        let mut progress = runner.progress();
        let running = tokio::spawn(async move { runner.run(&CancellationToken::new()).await });
        progress
            .wait_for(|now| now.operations.values().any(|one| one.pages >= 1))
            .await
            .unwrap();
        // Another instance took over while this one was away.
        db.console("UPDATE locks SET owner = 'another', expires_at = '2100-01-01 00:00:00'");
        let pages = || db.console("SELECT CONCAT('', COUNT(*)) AS cell FROM sync_pages");
        let stored = pages();
        let outcome = running.await.unwrap().unwrap();
        assert!(interrupted(&outcome).contains("lease"), "{outcome}");
        assert_eq!(pages(), stored);
        assert_eq!(current(&pool).await, None);
        let owner = db.console("SELECT owner AS cell FROM locks");
        assert_eq!(
            owner.trim(),
            "another",
            "the other one's lease is left alone"
        );
        feed.stop().await;
    }
);
