//! The synchronisation against the stand-in of the feed.
#![expect(clippy::panic, reason = "tests")]

use std::collections::BTreeMap;
use std::time::Duration;

use domain::catalogue::CancellationState;
use simulators::mfds::{Catalogue, Effect, Fault, Faults, Operation, TruncatedLength};
use tokio_util::sync::CancellationToken;
use web_api::catalogue::store;
use web_api::mfds::sync::Outcome;

use crate::db_support::on_both;
use crate::sync_support::{current, feed, medicines, run, run_with, synchroniser, whole};

fn swapped(outcome: &Outcome) -> (i64, i64) {
    match outcome {
        Outcome::Swapped(summary) => (summary.medicines, summary.carried),
        other => panic!("expected a swap, got: {other}"),
    }
}

fn refused(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Failed { reason } => reason,
        other => panic!("expected a refusal, got: {other}"),
    }
}

fn interrupted(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Interrupted { reason } => reason,
        other => panic!("expected an interruption, got: {other}"),
    }
}

fn products(catalogue: &Catalogue) -> i64 {
    let distinct: std::collections::BTreeSet<String> =
        catalogue.item_seqs(Operation::PermitDetail).collect();
    i64::try_from(distinct.len()).unwrap()
}

on_both!(the_sample_becomes_the_catalogue, |db| async move {
    let pool = db.migrated().await;
    let sample = Catalogue::sample();
    let feed = feed(sample.clone(), Faults::none()).await;
    assert_eq!(current(&pool).await, None);
    let outcome = run(&pool, &feed).await;
    assert_eq!(swapped(&outcome), (products(&sample), 0));
    let pointer = current(&pool).await.unwrap();
    assert_eq!(pointer.version, 1);
    let all = medicines(&pool, pointer.generation).await;
    assert_eq!(i64::try_from(all.len()).unwrap(), products(&sample));
    assert!(all.is_sorted_by_key(|medicine| medicine.id));
    assert!(
        all.iter().any(|medicine| medicine.class.is_some()),
        "the permit list was merged"
    );
    assert!(
        all.iter().any(|medicine| !medicine.pills.is_empty()),
        "the pills were merged"
    );
    assert!(
        all.iter().any(|medicine| !medicine.cancellation.is_valid()),
        "withdrawn ones stay readable"
    );
    let ids: Vec<_> = all.iter().map(|medicine| medicine.id).collect();
    let documents = pool
        .run(move |db| {
            ids.into_iter()
                .map(|id| store::documents(db, pointer.generation, id).map(Option::unwrap))
                .collect::<Result<Vec<_>, _>>()
        })
        .await
        .unwrap();
    assert!(
        documents
            .iter()
            .filter(|one| one.efficacy.is_some())
            .count()
            > 100
    );
    assert!(documents.iter().any(|one| one.precautions.is_some()));
    assert!(documents.iter().any(|one| one.easy_guide.is_some()));
    let ingredients = pool.run(store::ingredients).await.unwrap();
    let known: std::collections::BTreeSet<&str> = ingredients
        .iter()
        .map(|row| row.canonical_name.as_str())
        .collect();
    for medicine in &all {
        for active in medicine
            .composition
            .variants
            .iter()
            .flat_map(|variant| &variant.actives)
        {
            let name = domain::catalogue::canonical_ingredient_name(&active.name);
            assert!(known.contains(name.as_str()), "{name}");
        }
        for additive in &medicine.composition.additives {
            let name = domain::catalogue::canonical_ingredient_name(&additive.name);
            assert!(known.contains(name.as_str()), "{name}");
        }
    }
    assert_eq!(
        db.console("SELECT CONCAT('', COUNT(*)) AS cell FROM sync_staged")
            .trim(),
        "0"
    );
    feed.stop().await;
});

on_both!(
    a_second_run_changes_nothing_but_the_version,
    |db| async move {
        let pool = db.migrated().await;
        let feed = feed(Catalogue::generated(250, 7), Faults::none()).await;
        swapped(&run(&pool, &feed).await);
        let (first, content) = (current(&pool).await.unwrap(), whole(&pool).await);
        let ingredients = pool.run(store::ingredients).await.unwrap();
        let documents = db.console("SELECT HEX(hash) AS cell FROM documents ORDER BY hash");
        swapped(&run(&pool, &feed).await);
        let second = current(&pool).await.unwrap();
        assert_eq!(second.version, first.version + 1);
        assert_ne!(second.generation, first.generation);
        assert!(second.synced_at > first.synced_at);
        assert_eq!(whole(&pool).await, content);
        assert_eq!(
            pool.run(store::ingredients).await.unwrap(),
            ingredients,
            "ids are for ever"
        );
        assert_eq!(
            db.console("SELECT HEX(hash) AS cell FROM documents ORDER BY hash"),
            documents
        );
        // Two generations are kept, never more.
        swapped(&run(&pool, &feed).await);
        let kept = db.console(
            "SELECT CONCAT('', COUNT(DISTINCT generation_id)) AS cell FROM medicine_contents",
        );
        assert_eq!(kept.trim(), "2");
        feed.stop().await;
    }
);

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

/// Every fault that passes, on each operation: the run goes through as if nothing had been.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_that_pass_leave_no_trace() {
    let catalogue = Catalogue::generated(230, 5);
    let db = crate::db_support::TestDb::sqlite();
    let pool = db.migrated().await;
    let feed = feed(catalogue.clone(), Faults::none()).await;
    swapped(&run(&pool, &feed).await);
    let content = whole(&pool).await;
    for effect in [
        Effect::XmlError { code: 4 },
        Effect::XmlError { code: 23 },
        Effect::JsonError { code: 99 },
        Effect::HttpStatus { status: 503 },
        Effect::HttpStatus { status: 429 },
        Effect::Html,
        Effect::Reset,
        Effect::Delay { millis: 50 },
        Effect::Stall,
        Effect::StallHalfway,
        Effect::Truncate {
            length: TruncatedLength::Half,
        },
        Effect::Truncate {
            length: TruncatedLength::Whole,
        },
        Effect::EmptyPage,
        Effect::InvalidUtf8,
    ] {
        let fault = |operation| {
            Fault::new(effect.clone())
                .on(operation)
                .pages(2..=2)
                .times(2)
        };
        let faults = Faults::none()
            .with(fault(Operation::PermitList))
            .with(fault(Operation::PermitDetail));
        feed.handle.set_faults(faults);
        let outcome = run_with(&pool, &feed, &[("MFDS_TIMEOUT_SECONDS", "1")]).await;
        assert_eq!(swapped(&outcome), (products(&catalogue), 0), "{effect:?}");
        assert_eq!(whole(&pool).await, content, "{effect:?}");
    }
    feed.stop().await;
}

/// Every fault that stays: the old catalogue stays too, and the reason is named.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_that_stay_keep_the_old_catalogue() {
    let catalogue = Catalogue::generated(230, 5);
    let db = crate::db_support::TestDb::sqlite();
    let pool = db.migrated().await;
    let feed = feed(catalogue.clone(), Faults::none()).await;
    swapped(&run(&pool, &feed).await);
    let (old, content) = (current(&pool).await.unwrap(), whole(&pool).await);
    for (effect, reason) in [
        (
            Effect::XmlError { code: 30 },
            "SERVICE_KEY_IS_NOT_REGISTERED_ERROR",
        ),
        (Effect::XmlError { code: 12 }, "NO_OPENAPI_SERVICE_ERROR"),
        (
            Effect::JsonError { code: 10 },
            "INVALID_REQUEST_PARAMETER_ERROR",
        ),
        (
            Effect::ResultError { code: 11 },
            "NO_MANDATORY_REQUEST_PARAMETERS_ERROR",
        ),
        (Effect::HttpStatus { status: 403 }, "HTTP 403"),
        (Effect::Html, "HTML"),
        (Effect::Reset, "connection failed"),
        (Effect::InvalidUtf8, "not UTF-8"),
        (Effect::HugeRecord { bytes: 60_000_000 }, "longer than"),
    ] {
        feed.handle.set_faults(
            Faults::none().with(Fault::new(effect.clone()).on(Operation::PermitDetail)),
        );
        let outcome = run_with(&pool, &feed, &[("MFDS_ATTEMPTS", "2")]).await;
        assert!(
            interrupted(&outcome).contains(reason),
            "{effect:?}: {outcome}"
        );
        assert_eq!(current(&pool).await, Some(old));
    }
    for (effect, reason) in [
        (Effect::DropRows { percent: 20 }, "permitDetail has"),
        (Effect::WrongItemSeq { every: 2 }, "permit"),
        (
            Effect::MissingField {
                field: "ITEM_NAME".to_owned(),
                every: 4,
            },
            "lack what is required",
        ),
    ] {
        feed.handle.set_faults(
            Faults::none().with(Fault::new(effect.clone()).on(Operation::PermitDetail)),
        );
        let outcome = run_with(&pool, &feed, &[("MFDS_ATTEMPTS", "2")]).await;
        assert!(refused(&outcome).contains(reason), "{effect:?}: {outcome}");
        assert_eq!(current(&pool).await, Some(old));
    }
    assert_eq!(whole(&pool).await, content);
    feed.handle.clear_faults();
    swapped(&run(&pool, &feed).await);
    assert_eq!(whole(&pool).await, content);
    feed.stop().await;
}

on_both!(a_feed_that_loses_rows_is_refused, |db| async move {
    let pool = db.migrated().await;
    let feed = feed(Catalogue::generated(300, 1), Faults::none()).await;
    swapped(&run(&pool, &feed).await);
    let old = current(&pool).await.unwrap();
    feed.handle
        .set_catalogue(Catalogue::generated(300, 1).first(280));
    let outcome = run(&pool, &feed).await;
    assert!(refused(&outcome).contains("more than 5 %"), "{outcome}");
    assert_eq!(current(&pool).await, Some(old));
    let told = db.console("SELECT reason AS cell FROM sync_runs WHERE state = 'failed'");
    assert!(told.contains("280 records, 300 before"), "{told}");
    // A person who knows better may allow it.
    let outcome = run_with(&pool, &feed, &[("SYNC_MAX_ROW_DROP_PERCENT", "10")]).await;
    assert_eq!(swapped(&outcome), (300, 20));
    feed.stop().await;
});

on_both!(what_vanished_stays_and_says_so, |db| async move {
    let pool = db.migrated().await;
    let whole_feed = Catalogue::generated(200, 2);
    let feed = feed(whole_feed.clone(), Faults::none()).await;
    swapped(&run(&pool, &feed).await);
    let before = medicines(&pool, current(&pool).await.unwrap().generation).await;
    let gone = before
        .iter()
        .find(|medicine| medicine.cancellation.is_valid())
        .unwrap()
        .clone();
    feed.handle
        .set_catalogue(whole_feed.clone().without(&[gone.id.to_string()]));
    for _ in 0..2 {
        assert_eq!(swapped(&run(&pool, &feed).await), (200, 1));
        let pointer = current(&pool).await.unwrap();
        let now = medicines(&pool, pointer.generation).await;
        let found = now.iter().find(|medicine| medicine.id == gone.id).unwrap();
        assert_eq!(found.cancellation.state, CancellationState::Delisted);
        assert_eq!(
            (&found.name, &found.composition),
            (&gone.name, &gone.composition)
        );
        let id = gone.id;
        let documents = pool
            .run(move |db| store::documents(db, pointer.generation, id))
            .await
            .unwrap()
            .unwrap();
        assert!(
            documents.efficacy.is_some(),
            "its documents are kept as well"
        );
    }
    feed.handle.set_catalogue(whole_feed);
    assert_eq!(swapped(&run(&pool, &feed).await), (200, 0));
    let now = medicines(&pool, current(&pool).await.unwrap().generation).await;
    assert_eq!(
        now.iter().find(|medicine| medicine.id == gone.id).unwrap(),
        &gone,
        "it came back"
    );
    feed.stop().await;
});

on_both!(
    rejected_records_are_stored_and_stop_nothing,
    |db| async move {
        let pool = db.migrated().await;
        let feed = feed(Catalogue::generated(200, 2), Faults::none()).await;
        swapped(&run(&pool, &feed).await);
        let before = whole(&pool).await;
        // The record of a product that is there loses its name: what was known of it stays, unmarked.
        let effect = Effect::MissingField {
            field: "ITEM_NAME".to_owned(),
            every: 100,
        };
        let fault = Fault::new(effect).on(Operation::PermitDetail);
        feed.handle.set_faults(Faults::none().with(fault));
        feed.handle
            .set_catalogue(Catalogue::generated(200, 2).with_rejected_record());
        let (medicines, carried) = swapped(&run(&pool, &feed).await);
        assert_eq!(carried, 2);
        assert_eq!(medicines, 200);
        assert_eq!(whole(&pool).await, before);
        let rejects = db.console(
        "SELECT CONCAT(operation, ' ', page, ' ', field, ' ', code, ' ', CASE WHEN raw LIKE '%ITEM_SEQ%' THEN 'raw' ELSE '' END) AS cell \
         FROM sync_rejects WHERE code = 'missing' ORDER BY id",
    );
        assert!(rejects.lines().count() >= 3, "{rejects}");
        assert!(
            rejects
                .lines()
                .all(|line| line.starts_with("permitDetail")
                    && line.ends_with("ITEM_NAME missing raw")),
            "{rejects}"
        );
        feed.stop().await;
    }
);

on_both!(
    a_feed_that_moves_while_it_is_read_loses_nothing,
    |db| async move {
        let pool = db.migrated().await;
        for (effect, more) in [
            (Effect::ShrinkTotal { by: 7 }, 0),
            (Effect::GrowTotal { by: 7 }, 7),
        ] {
            let catalogue = Catalogue::generated(640, 9);
            for operation in [Operation::PermitList, Operation::PermitDetail] {
                // From its fourth request on the operation has moved by seven rows.
                let fault = Fault::new(effect.clone()).on(operation).skip(3);
                let feed = feed(catalogue.clone(), Faults::none().with(fault)).await;
                let (found, _) = swapped(&run(&pool, &feed).await);
                let expected = products(&catalogue)
                    + if operation == Operation::PermitDetail {
                        more
                    } else {
                        0
                    };
                assert!(found >= expected, "{effect:?} {operation}: {found}");
                feed.stop().await;
            }
        }
    }
);

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
