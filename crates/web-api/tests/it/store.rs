//! The catalogue's store.

use domain::catalogue::MedicineId;
use simulators::mfds::{Catalogue, Change, FieldEdit, Operation};
use web_api::catalogue::store;
use web_api::db::DbError;
use web_api::wishes::store::{self as wishes, Added};

use crate::db_support::on_both;
use crate::sync_support::{current, feed, medicines, run};

on_both!(wishes_are_counted, |db| async move {
    let pool = db.migrated().await;
    let feed = feed(
        Catalogue::generated(20, 1),
        simulators::mfds::Faults::none(),
    )
    .await;
    run(&pool, &feed).await;
    let all = medicines(&pool, current(&pool).await.unwrap().generation).await;
    let ids: Vec<MedicineId> = all.iter().map(|medicine| medicine.id).take(2).collect();
    let [one, other] = ids.as_slice() else {
        panic!("two medicines")
    };
    let (one, other) = (*one, *other);
    pool.run(move |db| {
        assert!(wishes::counts(db)?.is_empty());
        assert!(
            matches!(wishes::add(db, 1, one), Err(DbError::Conflict(_))),
            "nobody's wish"
        );
        let users = [1, 2, 3].map(|number| crate::accounts_support::member(db, number));
        for user in users {
            assert_eq!(wishes::add(db, user, one)?, Added::New);
            let again = wishes::add(db, user, one)?;
            assert_eq!(again, Added::Already, "twice is once");
        }
        assert_eq!(wishes::add(db, users[0], other)?, Added::New);
        let mut counts = wishes::counts(db)?;
        counts.sort();
        assert_eq!(counts, [(one, 3), (other, 1)]);
        assert!(wishes::remove(db, users[1], one)?);
        assert!(!wishes::remove(db, users[1], one)?);
        assert!(wishes::remove(db, users[0], other)?);
        assert_eq!(wishes::counts(db)?, [(one, 2)]);
        let unknown = MedicineId::new(999_999_999_999).unwrap();
        assert!(matches!(
            wishes::add(db, users[0], unknown),
            Err(DbError::Conflict(_))
        ));
        Ok(())
    })
    .await
    .unwrap();
    feed.stop().await;
});

on_both!(an_unknown_medicine_has_no_documents, |db| async move {
    let pool = db.migrated().await;
    let feed = feed(
        Catalogue::generated(20, 1),
        simulators::mfds::Faults::none(),
    )
    .await;
    run(&pool, &feed).await;
    let generation = current(&pool).await.unwrap().generation;
    let unknown = MedicineId::new(999_999_999_999).unwrap();
    let found = pool
        .run(move |db| store::documents(db, generation, unknown))
        .await
        .unwrap();
    assert_eq!(found, None);
    feed.stop().await;
});

// Names that a forgiving collation holds equal are different ingredients.
on_both!(names_are_told_apart_to_the_letter, |db| async move {
    let pool = db.migrated().await;
    let catalogue = Catalogue::generated(20, 1);
    let item_seq = catalogue.item_seqs(Operation::PermitDetail).next().unwrap();
    let names = ["시험😀", "시험🍣", "시험 a", "시험 A", "시험 ａ", "시험 á"];
    let field: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(number, name)| format!("[M9{number:05}]{name}"))
        .collect();
    let edit = FieldEdit {
        operation: Operation::PermitDetail,
        item_seq,
        field: "INGR_NAME".to_owned(),
        change: Change::Text(field.join("|")),
    };
    let feed = feed(catalogue.edited(edit), simulators::mfds::Faults::none()).await;
    run(&pool, &feed).await;
    let rows = pool.run(store::ingredients).await.unwrap();
    for name in names {
        let found: Vec<_> = rows
            .iter()
            .filter(|row| row.canonical_name == name)
            .collect();
        assert_eq!(found.len(), 1, "{name}");
        assert!(found.iter().all(|row| {
            row.mfds_code
                .as_ref()
                .is_some_and(|code| code.starts_with("M9"))
        }));
    }
    feed.stop().await;
});
