//! What members are allergic to: stored with a consent and gone with it, sealed, each once.

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::accounts_app::{AccountsApp, PASSWORD};
use crate::db_support::{TestDb, on_both};
use crate::support::{Answer, sample};

/// A server with the sample's medicines.
pub(crate) async fn with_catalogue(db: &TestDb) -> AccountsApp {
    sample::catalogue().write(&db.migrated().await).await;
    let app = AccountsApp::on(db).await;
    app.app
        .wait_for("the catalogue is loaded", async |app| {
            app.get("/api/v1/medicines").await.status == StatusCode::OK
        })
        .await;
    app
}

async fn put(app: &AccountsApp, signed: &Value, id: &str) -> Answer {
    let path = format!("/me/allergies/{id}");
    app.as_member(signed, Method::PUT, &path, None).await
}

async fn delete(app: &AccountsApp, signed: &Value, id: &str) -> Answer {
    let path = format!("/me/allergies/{id}");
    app.as_member(signed, Method::DELETE, &path, None).await
}

pub(crate) async fn consent(app: &AccountsApp, signed: &Value, agreed: bool) {
    let body = json!({"agreed": agreed});
    let path = "/me/consents/sensitive";
    let answer = app.as_member(signed, Method::PUT, path, Some(body)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

/// Ids in the order of the list, and whether it may be kept.
async fn listed(app: &AccountsApp, signed: &Value) -> (Vec<String>, bool) {
    let answer = app
        .as_member(signed, Method::GET, "/me/allergies", None)
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.header("cache-control"), "no-store");
    let answer = answer.json();
    let items = answer["items"].as_array().unwrap();
    let ids = items
        .iter()
        .map(|one| one["ingredientId"].as_str().unwrap());
    (
        ids.map(str::to_owned).collect(),
        answer["consented"].as_bool().unwrap(),
    )
}

fn rows(db: &TestDb) -> String {
    let count = "SELECT CAST(COUNT(*) AS CHAR(9)) AS cell FROM allergies";
    db.console(count).trim().to_owned()
}

on_both!(a_list_is_kept_with_consent_only, |db| async move {
    let app = with_catalogue(&db).await;
    let signed = app.member("haneul7", "하늘", "01023456789").await;
    // Nothing on health without a consent of its own (개인정보 보호법 제23조).
    put(&app, &signed, "1")
        .await
        .assert_problem(403, "consent_required");
    assert_eq!(listed(&app, &signed).await, (vec![], false));
    consent(&app, &signed, true).await;

    let first = put(&app, &signed, "1").await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    assert_eq!(first.json()["name"], "아세트아미노펜");
    // The one that was merged into it is it.
    let merged = put(&app, &signed, &sample::PARACETAMOL.to_string()).await;
    assert_eq!(merged.json(), first.json());
    put(&app, &signed, "99")
        .await
        .assert_problem(404, "ingredient_not_found");
    put(&app, &signed, "0x1")
        .await
        .assert_problem(422, "validation_failed");
    assert_eq!(put(&app, &signed, "5").await.status, StatusCode::OK);
    let both = (vec!["1".to_owned(), "5".to_owned()], true);
    assert_eq!(listed(&app, &signed).await, both);
    assert_eq!(rows(&db), "1");
    let readable = "SELECT CAST(COUNT(*) AS CHAR(9)) AS cell FROM allergies \
                    WHERE sealed LIKE '%\"id\"%' OR sealed LIKE '%2026%'";
    assert_eq!(db.console(readable).trim(), "0", "it is sealed");

    let export = app
        .as_member(&signed, Method::GET, "/me/export", None)
        .await;
    let exported = export.json()["allergies"].clone();
    assert_eq!(exported[0]["addedAt"], first.json()["addedAt"]);
    assert_eq!(exported[1]["ingredientId"], "5");

    for _ in 0..2 {
        let done = delete(&app, &signed, &sample::PARACETAMOL.to_string()).await;
        assert_eq!(done.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(listed(&app, &signed).await.0, ["5"]);

    // Taken back: what was stored with it goes, and doesn't come back with another yes.
    consent(&app, &signed, false).await;
    assert_eq!(rows(&db), "0");
    assert_eq!(listed(&app, &signed).await, (vec![], false));
    consent(&app, &signed, true).await;
    assert_eq!(listed(&app, &signed).await, (vec![], true));

    assert_eq!(put(&app, &signed, "1").await.status, StatusCode::OK);
    let body = json!({"password": PASSWORD});
    let left = app
        .as_member(&signed, Method::DELETE, "/me", Some(body))
        .await;
    assert_eq!(left.status, StatusCode::OK, "{}", left.text);
    assert_eq!(rows(&db), "0");
    app.stop().await;
});

on_both!(clicks_at_once_lose_nothing, |db| async move {
    let app = with_catalogue(&db).await;
    let signed = app.member("haneul7", "하늘", "01023456789").await;
    consent(&app, &signed, true).await;
    // The same a hundred times, on an empty list.
    let same = join_all((0..100).map(|_| put(&app, &signed, "1"))).await;
    let moments: Vec<_> = same
        .iter()
        .map(|one| (one.status, one.text.clone()))
        .collect();
    assert!(moments.iter().all(|one| *one == moments[0]), "{moments:?}");
    assert_eq!(moments[0].0, StatusCode::OK);
    assert_eq!(
        (listed(&app, &signed).await.0, rows(&db)),
        (vec!["1".to_owned()], "1".to_owned())
    );
    // Different ones, and one that goes: none loses another's.
    let ids = ["2", "3", "4", "5", "6"];
    let adding = join_all((0..60).map(|turn| put(&app, &signed, ids[turn % ids.len()])));
    let removing = join_all((0..20).map(|_| delete(&app, &signed, "1")));
    let (added, removed) = tokio::join!(adding, removing);
    assert!(added.iter().all(|one| one.status == StatusCode::OK));
    assert!(
        removed
            .iter()
            .all(|one| one.status == StatusCode::NO_CONTENT)
    );
    let mut all = listed(&app, &signed).await.0;
    all.sort();
    assert_eq!(all, ids);
    // The consent goes meanwhile: whoever comes later is refused, and nothing is left.
    let adding = join_all((0..60).map(|turn| put(&app, &signed, ids[turn % ids.len()])));
    let (added, ()) = tokio::join!(adding, consent(&app, &signed, false));
    for one in &added {
        assert!([200, 403].contains(&one.status.as_u16()), "{}", one.text);
    }
    assert_eq!(rows(&db), "0");
    assert_eq!(listed(&app, &signed).await, (vec![], false));
    app.stop().await;
});

/// `allergyCheck` of a medicine, and the depths of its warnings.
fn marks(medicine: &Value) -> (&str, Vec<&str>) {
    let warnings = medicine["allergyWarnings"].as_array().unwrap();
    let depths = warnings.iter().map(|one| one["depth"].as_str().unwrap());
    (medicine["allergyCheck"].as_str().unwrap(), depths.collect())
}

async fn read(app: &AccountsApp, signed: &Value, path: &str) -> Value {
    let answer = app.as_member(signed, Method::GET, path, None).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    assert_eq!(
        answer.header("cache-control"),
        "private, no-cache",
        "{path}"
    );
    answer.json()
}

fn of(list: &Value, id: i64) -> &Value {
    let id = id.to_string();
    let mut items = list["items"].as_array().unwrap().iter();
    items.find(|one| one["id"] == id).unwrap()
}

on_both!(every_answer_warns_who_is_allergic, |db| async move {
    let app = with_catalogue(&db).await;
    let signed = app.member("haneul7", "하늘", "01023456789").await;
    consent(&app, &signed, true).await;
    assert_eq!(put(&app, &signed, "1").await.status, StatusCode::OK);

    let (tylenol, brufen) = (sample::TYLENOL, sample::BRUFEN);
    let list = read(&app, &signed, "/medicines").await;
    assert_eq!(
        marks(of(&list, tylenol)),
        ("danger", vec!["sameIngredient"])
    );
    let (check, depths) = marks(of(&list, brufen));
    assert_eq!((check, depths), ("caution", vec!["crossReaction"]));
    let cross = &of(&list, brufen)["allergyWarnings"][0];
    assert_eq!(cross["crossReaction"]["ingredientClass"], "cox1Inhibitor");
    assert!(
        cross["reason"].as_str().unwrap().contains("이부프로펜"),
        "{cross}"
    );
    let lipitor = of(&list, sample::LIPITOR);
    assert_eq!(marks(lipitor), ("noKnownMatch", vec![]));

    for path in [
        "/medicines/suggest?query=%ED%83%80%EC%9D%B4".to_owned(),
        "/ingredients/1/medicines".to_owned(),
    ] {
        let list = read(&app, &signed, &path).await;
        assert_eq!(marks(of(&list, tylenol)).0, "danger", "{path}");
    }
    let detail = read(&app, &signed, &format!("/medicines/{tylenol}")).await;
    assert_eq!(marks(&detail).0, "danger");
    let path = format!("/medicines/{tylenol}/composition");
    assert_eq!(
        marks(&read(&app, &signed, &path).await["medicine"]).0,
        "danger"
    );
    let compared = read(
        &app,
        &signed,
        &format!("/medicines/compare?ids={tylenol},{brufen}"),
    )
    .await;
    assert_eq!(marks(&compared["a"]).0, "danger");
    assert_eq!(marks(&compared["b"]).0, "caution");

    for list in ["wishes", "compare-box"] {
        let path = format!("/me/{list}/{tylenol}");
        let put = app.as_member(&signed, Method::PUT, &path, None).await;
        assert_eq!(put.status, StatusCode::NO_CONTENT, "{}", put.text);
        let kept = read(&app, &signed, &format!("/me/{list}")).await;
        assert_eq!(marks(of(&kept, tylenol)).0, "danger", "{list}");
    }

    // Nobody else is told, whoever asked before.
    for path in ["/medicines", "/medicines/suggest?query=%ED%83%80%EC%9D%B4"] {
        let answer = app.get(path).await;
        assert!(!answer.text.contains("allergy"), "{}", answer.text);
        assert!(answer.header("cache-control").starts_with("public"));
    }

    // Without them: everything that a warning is about, in the lists' own counts.
    let without = "/medicines?excludeAllergens=true&facets=class";
    app.get(without).await.assert_problem(401, "unauthorized");
    let rest = read(&app, &signed, without).await;
    let all = list["total"].as_u64().unwrap();
    let (total, hidden) = (
        rest["total"].as_u64().unwrap(),
        rest["hidden"].as_u64().unwrap(),
    );
    assert_eq!(total + hidden, all);
    assert_eq!(hidden, 5, "four with acetaminophen, and ibuprofen");
    let counted = rest["facets"]["class"].as_array().unwrap().iter();
    assert_eq!(
        counted
            .map(|one| one["count"].as_u64().unwrap())
            .sum::<u64>(),
        total
    );
    let narrowed = format!("{without}&class=prescription");
    assert_eq!(read(&app, &signed, &narrowed).await["hidden"], 0);

    // Taken off the list, nothing warns any more.
    delete(&app, &signed, "1").await;
    let list = read(&app, &signed, "/medicines").await;
    assert_eq!(marks(of(&list, tylenol)), ("noKnownMatch", vec![]));

    // A list that can't be opened is no empty list.
    assert_eq!(put(&app, &signed, "1").await.status, StatusCode::OK);
    db.console("UPDATE allergies SET sealed = 'broken'");
    let list = read(&app, &signed, "/medicines").await;
    assert_eq!(marks(of(&list, sample::LIPITOR)), ("unavailable", vec![]));
    app.as_member(&signed, Method::GET, without, None)
        .await
        .assert_problem(503, "allergies_unavailable");
    app.stop().await;
});
