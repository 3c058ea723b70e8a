//! The synchronisation when the feed fails, lies or moves.

use simulators::mfds::{
    Catalogue, Change, Effect, Fault, Faults, FieldEdit, Operation, TruncatedLength,
};

use crate::db_support::on_both;
use crate::sync_support::{
    current, feed, interrupted, products, refused, run, run_with, swapped, whole,
};

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

// A feed whose order isn't stable shows one product twice and another not at all, with the right total:
// nobody may take the other one for withdrawn.
on_both!(
    a_row_pushed_out_by_a_repeat_is_not_delisted,
    |db| async move {
        let pool = db.migrated().await;
        let catalogue = Catalogue::generated(250, 4);
        let feed = feed(catalogue.clone(), Faults::none()).await;
        swapped(&run(&pool, &feed).await);
        let before = whole(&pool).await;
        let repeat = |operation| {
            Fault::new(Effect::DuplicateRows { rows: 1 })
                .on(operation)
                .pages(2..=2)
        };
        feed.handle.set_faults(
            Faults::none()
                .with(repeat(Operation::PermitList))
                .with(repeat(Operation::PermitDetail)),
        );
        assert_eq!(swapped(&run(&pool, &feed).await), (products(&catalogue), 1));
        assert_eq!(whole(&pool).await, before);
        feed.stop().await;
    }
);

// A page in the middle that says `00` and a total of nothing: not the first catalogue of a database.
on_both!(a_total_of_nothing_is_no_catalogue, |db| async move {
    let pool = db.migrated().await;
    for operation in [Operation::PermitDetail, Operation::PermitList] {
        let nothing = Fault::new(Effect::ShrinkTotal { by: 1_000_000 })
            .on(operation)
            .pages(3..=3);
        let feed = feed(
            Catalogue::generated(450, 4),
            Faults::none().with(nothing.times(2)),
        )
        .await;
        swapped(&run(&pool, &feed).await);
        feed.stop().await;
    }
    for operation in [Operation::PermitDetail, Operation::PermitList] {
        let db = crate::db_support::TestDb::sqlite();
        let pool = db.migrated().await;
        let nothing = Fault::new(Effect::ShrinkTotal { by: 1_000_000 })
            .on(operation)
            .pages(3..=3);
        let feed = feed(Catalogue::generated(450, 4), Faults::none().with(nothing)).await;
        let outcome = run_with(&pool, &feed, &[("MFDS_ATTEMPTS", "2")]).await;
        assert!(interrupted(&outcome).contains("page 3"), "{outcome}");
        assert_eq!(current(&pool).await, None);
        feed.stop().await;
    }
});

/// Text that doesn't become shorter by compressing.
fn noise(bytes: usize) -> String {
    use rand::{RngExt as _, SeedableRng as _};
    let mut random = rand::rngs::StdRng::seed_from_u64(1);
    std::iter::repeat_with(|| random.random_range('가'..='힣'))
        .take(bytes / 3)
        .collect()
}

on_both!(
    a_giant_record_is_rejected_and_stops_nothing,
    |db| async move {
        let pool = db.migrated().await;
        let catalogue = Catalogue::generated(150, 4);
        let ids: Vec<String> = catalogue
            .item_seqs(Operation::PermitDetail)
            .take(3)
            .collect();
        let giant = |catalogue: Catalogue, operation, id: &str, field: &str, bytes| {
            catalogue.edited(FieldEdit {
                operation,
                item_seq: id.to_owned(),
                field: field.to_owned(),
                change: Change::Text(noise(bytes)),
            })
        };
        let changed = giant(
            catalogue.clone(),
            Operation::PermitDetail,
            &ids[0],
            "NB_DOC_DATA",
            9_000_000,
        );
        let changed = giant(
            changed,
            Operation::PermitList,
            &ids[1],
            "ITEM_NAME",
            9_000_000,
        );
        // As long as they may be, two on one page: more together than a server takes at once.
        let changed = giant(
            changed,
            Operation::PermitDetail,
            &ids[1],
            "ITEM_NAME",
            7_000_000,
        );
        let changed = giant(
            changed,
            Operation::PermitDetail,
            &ids[2],
            "ITEM_NAME",
            7_000_000,
        );
        let feed = feed(changed, Faults::none()).await;
        let (medicines, _) =
            swapped(&run_with(&pool, &feed, &[("MFDS_TIMEOUT_SECONDS", "30")]).await);
        assert_eq!(medicines, products(&catalogue) - 1);
        let rejects = db.console("SELECT CONCAT(operation, ' ', code, ' ', medicine_id) AS cell FROM sync_rejects ORDER BY operation");
        let expected = [
            format!("permitDetail tooLong {}", ids[0]),
            format!("permitList tooLong {}", ids[1]),
        ];
        assert_eq!(
            rejects
                .lines()
                .filter(|line| line.contains("tooLong"))
                .collect::<Vec<_>>(),
            expected
        );
        feed.stop().await;
    }
);
