//! API10:2023 Unsafe Consumption of APIs: third parties that answer with nonsense, too much, never, or
//! with something that means to be run.

use reqwest::{Method, StatusCode};
use serde_json::json;
use simulators::mfds::{Catalogue, Change, Effect, Fault, Faults, FieldEdit, Operation};
use simulators::sms::{Fault as SmsFault, Operation as SmsOperation, Wrong};

use crate::accounts_app::AccountsApp;
use crate::db_support::{TestDb, on_both};
use crate::support::TestApp;
use crate::sync_support::{feed, run_with, swapped, whole};

on_both!(a_hostile_sms_provider_harms_nobody, |db| async move {
    let app = AccountsApp::on(&db).await;
    for (number, wrong) in [Wrong::Garbage, Wrong::Unauthorized, Wrong::RateLimited]
        .into_iter()
        .enumerate()
    {
        let fault = SmsFault::answer(wrong.clone()).on(SmsOperation::Send);
        app.sms.handle.faults.add(fault);
        let number = format!("0102345000{number}");
        let body = json!({"phoneNumber": number, "purpose": "signUp"});
        let answer = app.post("/auth/phone-verifications", body).await;
        // Nobody waits for the provider, and nobody hears what it said.
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{wrong:?}");
        let tried = async |_: &TestApp| {
            let open = "SELECT CAST(COUNT(*) AS CHAR(9)) AS cell FROM sms_outbox \
                        WHERE state = 'waiting' AND attempts = 0";
            db.console(open).trim() == "0"
        };
        app.app.wait_for("it was tried", tried).await;
        app.sms.handle.faults.clear();
    }
    // The next one works.
    app.member("haneul7", "하늘", "01023456789").await;
    app.stop().await;
});

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_feed_changes_nothing_and_runs_nowhere() {
    let db = TestDb::sqlite();
    let pool = db.migrated().await;
    let catalogue = Catalogue::generated(120, 7);
    let feed = feed(catalogue.clone(), Faults::none()).await;
    let quick = [("MFDS_TIMEOUT_SECONDS", "1"), ("MFDS_ATTEMPTS", "1")];
    swapped(&run_with(&pool, &feed, &quick).await);
    let before = whole(&pool).await;
    for effect in [
        Effect::Html,
        Effect::InvalidUtf8,
        Effect::EmptyPage,
        Effect::StallHalfway,
        Effect::DropRows { percent: 60 },
        Effect::HugeRecord {
            bytes: 200 * 1_024 * 1_024,
        },
    ] {
        let fault = Fault::new(effect.clone()).on(Operation::PermitDetail);
        feed.handle.set_faults(Faults::none().with(fault));
        drop(run_with(&pool, &feed, &quick).await);
        assert_eq!(whole(&pool).await, before, "{effect:?}");
    }
    feed.handle.set_faults(Faults::none());
    // A name that means to be markup is a name.
    let script = "<script>alert(1)</script>정";
    let item_seq: String = catalogue.item_seqs(Operation::PermitDetail).next().unwrap();
    feed.handle.set_catalogue(catalogue.edited(FieldEdit {
        operation: Operation::PermitDetail,
        item_seq: item_seq.clone(),
        field: "ITEM_NAME".to_owned(),
        change: Change::Text(script.to_owned()),
    }));
    drop(run_with(&pool, &feed, &quick).await);
    let app = TestApp::on(pool, &[]);
    app.wait_for("the catalogue is loaded", async |app: &TestApp| {
        app.get("/api/v1/medicine-types").await.status == StatusCode::OK
    })
    .await;
    let page = app.get(&format!("/medicines/{item_seq}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text.contains("<script>alert"), "{}", page.text);
    let policy = page.header("content-security-policy");
    assert!(!policy.contains("unsafe-inline"), "{policy}");
    let request = app.request(Method::GET, &format!("/api/v1/medicines/{item_seq}"));
    let answer = app.send(request).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/json");
    app.stop().await;
    feed.stop().await;
}
