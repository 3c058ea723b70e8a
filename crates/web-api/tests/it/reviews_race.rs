//! Many at once: reviews, reactions and reports make one row each, and every count stays right.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::db_support::on_both;
use crate::reviews_kit::{
    NOTICE, assert_counts_are_right, call, listed, published, reviews, served, stocked,
};
use crate::support::sample;

const MANY: i64 = 100;
const MEMBERS: i64 = 20;

on_both!(a_hundred_at_once_make_one_of_each, |db| async move {
    let pool = stocked(&db, MEMBERS).await;
    // Instances share their keys.
    let folder = tempfile::tempdir().unwrap();
    let settings = [
        ("REVIEW_HIDING_REPORTS", "1000"),
        ("DATA_DIR", folder.path().to_str().unwrap()),
    ];
    let apps = [
        served(pool, &settings).await,
        served(db.pool(), &settings).await,
    ];
    let app_of = |number: i64| &apps[usize::from(number % 2 == 0)];
    let body = json!({
        "rating": 5, "text": "한 번만 쓰고 싶어요!!", "visibility": "public", "noticeVersion": NOTICE,
    });
    // With a key, everybody who clicks hears the same; without one, one does, and others are told.
    for (member, key) in [(1, Some("once")), (2, None)] {
        let persona = format!("member-{member}");
        let clicks = (0..MANY).map(|number| {
            let header = key.map(|key| ("idempotency-key", key));
            let (app, persona, body) = (app_of(number), &persona, &body);
            async move {
                app.as_persona(
                    persona,
                    Method::POST,
                    &reviews(),
                    Some(body),
                    header.as_slice(),
                )
                .await
            }
        });
        let answers = join_all(clicks).await;
        let made: Vec<_> = answers.iter().filter(|one| one.status == 201).collect();
        for answer in &answers {
            assert!(
                matches!(answer.status.as_u16(), 201 | 409),
                "{}",
                answer.text
            );
        }
        let expected = if key.is_some() { 100 } else { 1 };
        assert_eq!(made.len(), expected);
        assert!(made.iter().all(|one| one.text == made[0].text));
    }
    let other_body = json!({"rating": 1, "text": "다른 말을 하고 싶어요."});
    let header = [("idempotency-key", "once")];
    let path = reviews();
    let answer = apps[0].as_persona("member-1", Method::POST, &path, Some(&other_body), &header);
    answer.await.assert_problem(422, "validation_failed");
    assert_eq!(db.count("reviews"), 2);
    assert_counts_are_right(&db);

    // Reactions and reports of many readers, each clicking several times, to two reviews; meanwhile
    // authors turn theirs private and public.
    let third = published(&apps[0], 3, 3, "셋째 사람의 이야기입니다.").await;
    let page = listed(&apps[0], "").await;
    let ids: Vec<String> = crate::reviews_kit::ids(&page);
    let calls = (0..MANY * 3).map(|number| {
        let member = 4 + number % (MEMBERS - 3);
        let id = &ids[usize::try_from(number).unwrap() % ids.len()];
        let third = &third;
        let app = app_of(number / 7);
        async move {
            let (member, method, path, body) = match number % 5 {
                0 => (member, Method::PUT, format!("/reviews/{id}/reaction"), Some(json!({"kind": "helpful"}))),
                1 => (member, Method::PUT, format!("/reviews/{id}/reaction"), Some(json!({"kind": "unhelpful"}))),
                2 => (member, Method::DELETE, format!("/reviews/{id}/reaction"), None),
                3 => (member, Method::POST, format!("/reviews/{id}/reports"), Some(json!({"reason": "abuse"}))),
                _ => {
                    let seen = if number % 2 == 0 { "private" } else { "public" };
                    let change = json!({"visibility": seen, "noticeVersion": NOTICE, "rating": 1 + number % 5});
                    (3, Method::PATCH, format!("/reviews/{third}"), Some(change))
                }
            };
            call(app, member, method, &path, body).await
        }
    });
    for answer in join_all(calls).await {
        // One that is private at the moment isn't there for others.
        assert!(
            matches!(answer.status.as_u16(), 200 | 201 | 204 | 404),
            "{} {}",
            answer.status,
            answer.text
        );
    }
    assert_counts_are_right(&db);
    let twice = "(SELECT review_id FROM review_reactions GROUP BY review_id, user_id HAVING COUNT(*) > 1) t";
    assert_eq!(db.count(twice), 0);

    // Half of them withdraw what they agreed to, or decide, or react, at the same time.
    let calls = (1..=MANY).map(|number| {
        let member = 1 + number % MEMBERS;
        let id = &ids[usize::try_from(number).unwrap() % ids.len()];
        let app = app_of(number);
        async move {
            match number % 4 {
                0 => call(app, member, Method::PUT, "/me/consents/sensitive", Some(json!({"agreed": false}))).await,
                1 => {
                    let path = format!("/admin/reviews/{id}/decision");
                    let body = json!({"decision": if number % 8 == 1 { "hide" } else { "keep" }});
                    app.as_persona("admin-20", Method::PUT, &path, Some(&body), &[]).await
                }
                2 => {
                    let body = json!({"rating": 2, "text": "다시 한번 써 볼게요 모두.", "visibility": "public", "noticeVersion": NOTICE});
                    call(app, member, Method::POST, &reviews(), Some(body)).await
                }
                _ => {
                    let path = format!("/reviews/{id}/reports");
                    call(app, member, Method::POST, &path, Some(json!({"reason": "other"}))).await
                }
            }
        }
    });
    for answer in join_all(calls).await {
        assert!(
            answer.status.as_u16() < 500,
            "{} {}",
            answer.status,
            answer.text
        );
    }
    assert_counts_are_right(&db);
    let without = format!(
        "reviews r WHERE NOT EXISTS (SELECT 1 FROM consents c WHERE c.user_id = r.user_id AND c.kind = 'sensitive' AND {} AND c.id = (SELECT MAX(d.id) FROM consents d WHERE d.user_id = r.user_id AND d.kind = 'sensitive'))",
        if db.mysql.is_some() {
            "c.agreed = TRUE"
        } else {
            "c.agreed = 1"
        },
    );
    assert_eq!(db.count(&without), 0, "no review outlives its consent");
    assert_eq!(
        db.count(&format!(
            "review_counts WHERE medicine_id <> {}",
            sample::TYLENOL
        )),
        0
    );
    for app in apps {
        app.stop().await;
    }
});
