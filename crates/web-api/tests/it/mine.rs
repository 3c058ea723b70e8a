//! Wishes and compare boxes, of one member at many devices, on two instances.

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::db_support::on_both;
use crate::support::seed::{Seed, SeedMedicine};
use crate::support::{Answer, TestApp, sample};

const MANY: i64 = 100;
const FIRST: i64 = 300_000_001;

/// The sample and a hundred copies of one of its medicines.
fn seed() -> Seed {
    let mut seed = sample::catalogue();
    let one = seed.medicines[0].clone();
    seed.medicines.extend((0..MANY).map(|number| {
        let mut copy: SeedMedicine = one.clone();
        copy.medicine.id = domain::catalogue::MedicineId::new(FIRST + number).unwrap();
        copy
    }));
    seed
}

async fn call(app: &TestApp, method: Method, path: &str, body: Option<Value>) -> Answer {
    let path = format!("/api/v1/me{path}");
    let mut request = app.request(method, &path).bearer_auth("member-1");
    if let Some(body) = body {
        request = request.json(&body);
    }
    app.send(request).await
}

fn ids(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().unwrap();
    let ids = items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned());
    ids.collect()
}

on_both!(wishes_and_boxes_stay_right_under_haste, |db| async move {
    let pool = db.migrated().await;
    seed().write(&pool).await;
    let members = |db: &mut web_api::db::Db| {
        crate::accounts_support::persona(db, 1);
        Ok(())
    };
    pool.run(members).await.unwrap();
    let apps = [TestApp::on(pool.clone(), &[]), TestApp::on(db.pool(), &[])];
    for app in &apps {
        app.wait_for("the catalogue is loaded", async |app: &TestApp| {
            app.get("/api/v1/medicine-types").await.status == StatusCode::OK
        })
        .await;
    }
    let [app, other] = &apps;
    let app_of = |number: i64| if number % 2 == 0 { app } else { other };

    // One medicine a hundred times at once is one wish and one entry.
    for list in ["wishes", "compare-box"] {
        let path = format!("/{list}/{FIRST}");
        let clicks = (0..MANY).map(|number| call(app_of(number), Method::PUT, &path, None));
        for answer in join_all(clicks).await {
            assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
        }
    }
    assert_eq!(db.count("wishes"), 1);
    assert_eq!(db.count("compare_box"), 1);
    // Told at once where it was done; elsewhere within seconds, in the count and in the order.
    let wished = |answer: &Value| answer["wished"] == true && answer["inCompareBox"] == true;
    let detail = format!("/api/v1/medicines/{FIRST}");
    for app in &apps {
        app.wait_for("the wish counts", async |app: &TestApp| {
            let mine = app.request(Method::GET, &detail).bearer_auth("member-1");
            let mine = app.send(mine).await.json();
            let first = app.search(&[("pageSize", "1")]).await;
            mine["wishCount"] == 1 && wished(&mine) && ids(&first) == [FIRST.to_string()]
        })
        .await;
    }

    // A hundred at once: ten fit into the box, and who comes too late is told so.
    let paths: Vec<String> = (0..MANY)
        .map(|number| format!("/compare-box/{}", FIRST + number))
        .collect();
    let puts = (0..MANY).zip(&paths);
    let puts = puts.map(|(number, path)| call(app_of(number), Method::PUT, path, None));
    let answers = join_all(puts).await;
    let put = answers
        .iter()
        .filter(|one| one.status == StatusCode::NO_CONTENT);
    assert_eq!(put.count(), 10);
    for answer in answers
        .iter()
        .filter(|one| one.status != StatusCode::NO_CONTENT)
    {
        answer.assert_problem(409, "compare_box_full");
    }
    let boxed = ids(&call(app, Method::GET, "/compare-box", None).await.json());
    assert_eq!(
        (boxed.len(), boxed[0].as_str()),
        (10, FIRST.to_string().as_str())
    );
    let before = boxed.clone();
    for id in &boxed[2..] {
        let path = format!("/compare-box/{id}");
        for _ in 0..2 {
            let gone = call(app, Method::DELETE, &path, None).await;
            assert_eq!(gone.status, StatusCode::NO_CONTENT);
        }
    }

    // The browser's box comes behind one's own, in its order, as far as there is room.
    let browser: Vec<String> = (0..12)
        .map(|number| (FIRST + 99 - number).to_string())
        .collect();
    let own = boxed[..2].to_vec();
    let mut asked = vec![own[0].clone(), "999999999".to_owned()];
    asked.extend(
        browser
            .iter()
            .filter(|id| !own.contains(id))
            .take(10)
            .cloned(),
    );
    let body = json!({ "medicineIds": asked });
    let mut expected = own.clone();
    expected.extend(asked[2..10].iter().cloned());
    for _ in 0..2 {
        let merged = call(app, Method::POST, "/compare-box/merge", Some(body.clone())).await;
        assert_eq!(merged.status, StatusCode::OK, "{}", merged.text);
        let merged = merged.json();
        assert_eq!(ids(&merged), expected, "from {before:?}");
        let left: Vec<_> = merged["leftOut"].as_array().unwrap().iter().collect();
        assert_eq!(
            left[0],
            &json!({"medicineId": "999999999", "reason": "unknown"})
        );
        assert_eq!(left[1], &json!({"medicineId": asked[10], "reason": "full"}));
        assert_eq!((left.len(), &merged["limit"]), (3, &json!(10)));
        assert!(
            merged["items"]
                .as_array()
                .unwrap()
                .iter()
                .all(|one| one["inCompareBox"] == true)
        );
    }
    call(app, Method::PUT, "/compare-box/999999999", None)
        .await
        .assert_problem(404, "medicine_not_found");
    let wrong = json!({"medicineIds": ["a"]});
    call(app, Method::POST, "/compare-box/merge", Some(wrong))
        .await
        .assert_problem(422, "validation_failed");

    // Newest first, by pages; what is not sold any more stays.
    let withdrawn = sample::catalogue();
    let withdrawn = withdrawn
        .medicines
        .iter()
        .find(|one| !one.medicine.cancellation.is_valid());
    let withdrawn = withdrawn.unwrap().medicine.id.to_string();
    for id in [&(FIRST + 1).to_string(), &withdrawn] {
        let path = format!("/wishes/{id}");
        assert_eq!(call(app, Method::PUT, &path, None).await.status, 204);
    }
    let page = call(app, Method::GET, "/wishes?pageSize=2", None)
        .await
        .json();
    assert_eq!(ids(&page), [withdrawn, (FIRST + 1).to_string()]);
    assert_eq!(page["total"], 3);
    assert_eq!(page["items"][0]["status"]["forSale"], false);
    assert!(
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["wished"] == true)
    );
    let last = call(app, Method::GET, "/wishes?pageSize=2&page=2", None)
        .await
        .json();
    assert_eq!(ids(&last), [FIRST.to_string()]);
    // As many as there may be, and not one more.
    db.console(if db.mysql.is_some() {
        "INSERT INTO medicines (id, first_seen_at) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 997) SELECT 400000000 + i, '2026-01-01 00:00:00' FROM n"
    } else {
        "INSERT INTO medicines (id, first_seen_at) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 997) SELECT 400000000 + i, '2026-01-01 00:00:00' FROM n WHERE true"
    });
    db.console("INSERT INTO wishes (user_id, medicine_id, created_at) SELECT u.id, m.id, '2026-01-01 00:00:00' FROM users u, medicines m WHERE u.public_id = '1' AND m.id > 400000000");
    let path = format!("/wishes/{}", FIRST + 50);
    call(app, Method::PUT, &path, None)
        .await
        .assert_problem(409, "wishes_full");
    let path = format!("/wishes/{FIRST}");
    assert_eq!(call(app, Method::PUT, &path, None).await.status, 204);
    assert_eq!(call(app, Method::DELETE, &path, None).await.status, 204);
    let mine = app.request(Method::GET, &detail).bearer_auth("member-1");
    assert_eq!(app.send(mine).await.json()["wished"], false, "at once");
    for app in apps {
        app.stop().await;
    }
});
