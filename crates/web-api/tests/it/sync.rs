//! The synchronisation against the stand-in of the feed: what becomes of its records.

use domain::catalogue::CancellationState;
use simulators::mfds::{Catalogue, Effect, Fault, Faults, Operation};
use web_api::catalogue::store;

use crate::db_support::on_both;
use crate::sync_support::{
    current, feed, medicines, products, refused, run, run_with, swapped, whole,
};

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
            assert!(known.contains(&*name), "{name}");
        }
        for additive in &medicine.composition.additives {
            let name = domain::catalogue::canonical_ingredient_name(&additive.name);
            assert!(known.contains(&*name), "{name}");
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
