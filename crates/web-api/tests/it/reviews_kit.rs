//! Members with reviews, for tests of them.

use reqwest::Method;
use serde_json::{Value, json};
use web_api::db::{Db, Pool};

use crate::accounts_support::{day, persona};
use crate::db_support::TestDb;
use crate::support::{Answer, TestApp, sample};

/// The version of the notice that is in force.
pub(crate) const NOTICE: &str = "2026-11-01";

/// The address of the reviews of one medicine.
pub(crate) fn reviews() -> String {
    format!("/medicines/{}/reviews", sample::TYLENOL)
}

/// Members who agree to their data on health being stored.
pub(crate) fn consenting(db: &mut Db, numbers: std::ops::RangeInclusive<i64>) {
    use web_api::accounts::store::{consents, users};
    for number in numbers {
        persona(db, number);
        let id = number.to_string().parse().unwrap();
        let user = users::by_id(db, &id).unwrap().unwrap();
        let line = domain::account::ConsentEntry {
            kind: domain::account::ConsentKind::Sensitive,
            agreed: true,
            version: NOTICE.parse().unwrap(),
            at: day(),
        };
        consents::add(db, user.key, &[line]).unwrap();
    }
}

/// The sample's catalogue, and that many members.
pub(crate) async fn stocked(db: &TestDb, members: i64) -> Pool {
    let pool = db.migrated().await;
    sample::catalogue().write(&pool).await;
    let work = move |db: &mut Db| {
        db.write_tx(|db| {
            consenting(db, 1..=members);
            Ok(())
        })
    };
    pool.run(work).await.unwrap();
    pool
}

/// A server on it that shows the catalogue.
pub(crate) async fn served(pool: Pool, settings: &[(&str, &str)]) -> TestApp {
    let app = TestApp::on(pool, settings);
    app.wait_for("the catalogue is loaded", async |app: &TestApp| {
        app.get("/api/v1/medicine-types").await.status == 200
    })
    .await;
    app
}

pub(crate) async fn call(
    app: &TestApp,
    member: i64,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> Answer {
    let persona = format!("member-{member}");
    app.as_persona(&persona, method, path, body.as_ref(), &[])
        .await
}

/// A public review; gives its id.
pub(crate) async fn published(app: &TestApp, member: i64, rating: i64, text: &str) -> String {
    let body = json!({
        "rating": rating, "text": text, "visibility": "public", "noticeVersion": NOTICE,
    });
    let made = call(app, member, Method::POST, &reviews(), Some(body)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json()["id"].as_str().unwrap().to_owned()
}

/// A page as everybody reads it.
pub(crate) async fn listed(app: &TestApp, query: &str) -> Value {
    let answer = app.get(&format!("/api/v1{}{query}", reviews())).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

pub(crate) fn ids(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap().iter();
    let ids = items.map(|item| item["id"].as_str().unwrap().to_owned());
    ids.collect()
}

/// Every count is what the rows say.
pub(crate) fn assert_counts_are_right(db: &TestDb) {
    for (what, wrong) in [
        (
            "reactions",
            "reviews r WHERE r.helpful <> (SELECT COUNT(*) FROM review_reactions a WHERE a.review_id = r.id AND a.kind = 'helpful') OR r.unhelpful <> (SELECT COUNT(*) FROM review_reactions a WHERE a.review_id = r.id AND a.kind = 'unhelpful')",
        ),
        (
            "open reports",
            "reviews r WHERE r.open_reports <> (SELECT COUNT(*) FROM review_reports a WHERE a.review_id = r.id AND a.decided_at IS NULL)",
        ),
        (
            "ratings",
            "review_counts c WHERE c.shown <> (SELECT COUNT(*) FROM reviews r WHERE r.medicine_id = c.medicine_id AND r.rating = c.rating AND r.visibility = 'public' AND r.state = 'shown')",
        ),
        (
            "ratings that nobody counts",
            "reviews r WHERE r.visibility = 'public' AND r.state = 'shown' AND NOT EXISTS (SELECT 1 FROM review_counts c WHERE c.medicine_id = r.medicine_id AND c.rating = r.rating)",
        ),
    ] {
        assert_eq!(db.count(wrong), 0, "{what}");
    }
}
