//! Wishes that many members make at the same time, which are stored together: each is his own.

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};

use crate::db_support::on_both;
use crate::support::seed::SeedMedicine;
use crate::support::{TestApp, sample};

const FIRST: i64 = 300_000_001;
const PRODUCTS: i64 = 60;
const MEMBERS: i64 = 6;
/// Of member 1, who may have ten more.
const STORED: u64 = 990;

async fn call(app: &TestApp, method: Method, member: i64, product: i64) -> (i64, StatusCode) {
    let path = format!("/api/v1/me/wishes/{}", FIRST + product);
    let request = app.request(method, &path);
    let answer = app
        .send(request.bearer_auth(format!("member-{member}")))
        .await;
    if answer.status == StatusCode::CONFLICT {
        answer.assert_problem(409, "wishes_full");
    }
    (member, answer.status)
}

on_both!(each_keeps_his_own_limit_and_list, |db| async move {
    let pool = db.migrated().await;
    let mut seed = sample::catalogue();
    let one = seed.medicines[0].clone();
    seed.medicines.extend((0..PRODUCTS).map(|number| {
        let mut copy: SeedMedicine = one.clone();
        copy.medicine.id = domain::catalogue::MedicineId::new(FIRST + number).unwrap();
        copy
    }));
    seed.write(&pool).await;
    let members = |db: &mut web_api::db::Db| {
        (1..=MEMBERS).for_each(|number| crate::accounts_support::persona(db, number));
        Ok(())
    };
    pool.run(members).await.unwrap();
    let numbers = "INSERT INTO medicines (id, first_seen_at) WITH RECURSIVE n (i) AS \
        (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 990) \
        SELECT 400000000 + i, '2026-01-01 00:00:00' FROM n WHERE true";
    db.console(numbers);
    db.console("INSERT INTO wishes (user_id, medicine_id, created_at) SELECT u.id, m.id, '2026-01-01 00:00:00' FROM users u, medicines m WHERE u.public_id = '1' AND m.id > 400000000");
    let apps = [TestApp::on(pool.clone(), &[]), TestApp::on(db.pool(), &[])];
    for app in &apps {
        app.wait_for("the catalogue is loaded", async |app: &TestApp| {
            app.get("/api/v1/medicine-types").await.status == StatusCode::OK
        })
        .await;
    }
    let app_of = |number: i64| &apps[usize::from(number % 2 == 0)];

    // Everybody wishes everything at the same time, and somebody does whom there isn't.
    let pairs: Vec<(i64, i64)> = (0..PRODUCTS)
        .flat_map(|product| (1..=MEMBERS + 1).map(move |member| (member, product)))
        .collect();
    let puts = pairs
        .iter()
        .map(|&(member, product)| call(app_of(product), Method::PUT, member, product));
    let answers = join_all(puts).await;
    let count = |member, status| {
        let wanted = (member, status);
        answers.iter().filter(|one| **one == wanted).count()
    };
    assert_eq!(count(1, StatusCode::NO_CONTENT), 10);
    assert_eq!(count(1, StatusCode::CONFLICT), 50);
    for member in 2..=MEMBERS {
        assert_eq!(count(member, StatusCode::NO_CONTENT), 60);
    }
    assert_eq!(count(MEMBERS + 1, StatusCode::UNAUTHORIZED), 60);
    let of_one = "wishes w, users u WHERE w.user_id = u.id AND u.public_id = '1'";
    assert_eq!(db.count(of_one), STORED + 10);
    assert_eq!(db.count("wishes"), STORED + 10 + 5 * 60);

    // Some take back what others wish again: nobody loses a thing of his.
    let changes = pairs.iter().filter(|pair| (2..=MEMBERS).contains(&pair.0));
    let changes = changes.map(|&(member, product)| {
        let method = if member == 2 {
            Method::DELETE
        } else {
            Method::PUT
        };
        call(app_of(product + 1), method, member, product)
    });
    for (_, status) in join_all(changes).await {
        assert_eq!(status, StatusCode::NO_CONTENT);
    }
    assert_eq!(db.count("wishes"), STORED + 10 + 4 * 60);
    // Told at once where it was done.
    let path = format!("/api/v1/medicines/{FIRST}");
    for (member, wished) in [(2, false), (3, true)] {
        let request = apps[0].request(Method::GET, &path);
        let request = request.bearer_auth(format!("member-{member}"));
        assert_eq!(apps[0].send(request).await.json()["wished"], wished);
    }
    for app in apps {
        app.stop().await;
    }
});
