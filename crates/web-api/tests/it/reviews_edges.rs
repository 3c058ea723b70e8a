//! Reviews at their edges: forged cursors, odd letters, and what is left behind.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use reqwest::Method;
use serde_json::json;

use crate::db_support::on_both;
use crate::reviews_kit::{
    NOTICE, assert_counts_are_right, call, ids, listed, published, reviews, served, stocked,
};
use crate::support::TestApp;

const TEXT: &str = "두통이 금방 가라앉았어요.";

on_both!(moments_that_nobody_stores_are_no_cursor, |db| async move {
    let pool = stocked(&db, 2).await;
    let app = served(pool, &[]).await;
    published(&app, 1, 5, TEXT).await;
    // The year 0, the last year of all, the year 10000, a moment before 1970.
    for at in [
        -62_167_219_200_000_001,
        8_210_266_876_799_999_999,
        253_402_300_800_000_000,
        -1_i64,
    ] {
        for sort in ["newest", "helpful"] {
            let plain = format!("1:{sort}:0:{at}:a");
            let cursor = Base64UrlUnpadded::encode_string(plain.as_bytes());
            let path = format!("/api/v1{}?sort={sort}&cursor={cursor}", reviews());
            let mut answers = vec![app.get(&path).await];
            if sort == "newest" {
                let path = format!("/me/reviews?cursor={cursor}");
                answers.push(call(&app, 1, Method::GET, &path, None).await);
                let path = format!("/admin/reviews?cursor={cursor}");
                let admin = app.as_persona("admin-2", Method::GET, &path, None, &[]);
                answers.push(admin.await);
            }
            for answer in answers {
                let problem = answer.assert_problem(422, "validation_failed");
                assert_eq!(problem["errors"][0]["field"], "cursor");
            }
        }
    }
    app.stop().await;
});

async fn found(app: &TestApp, keyword: &str) -> Vec<String> {
    let request = app.request(Method::GET, &format!("/api/v1{}", reviews()));
    let query = [("query", keyword), ("pageSize", "100")];
    ids(&app.send(request.query(&query)).await.json())
}

on_both!(keywords_find_the_same_on_both, |db| async move {
    let pool = stocked(&db, 10).await;
    let app = served(pool, &[]).await;
    for (member, text, keywords) in [
        (1, "머리가 안 아파요 😀👨‍👩‍👧 정말로", ["😀", "👨‍👩‍👧"]),
        (2, "back\\%slash and more text", ["\\", "\\%S"]),
        (3, "snake_case and quote ' and \"", ["e_c", "' AND \""]),
        (4, "İSTANBUL is a nice city", ["i\u{307}stanbul", "İst"]),
        (5, "타이레놀은 좋은 약입니다", ["타이레놀", "놀은 좋"]),
        (6, "E\u{301}clair, x\u{302}\u{327} alone", ["é", "\u{302}"]),
        (7, "line one!\nline two and three", ["one!", "TWO"]),
    ] {
        let id = published(&app, member, 4, text).await;
        for keyword in keywords {
            let nfd = unicode_normalization::UnicodeNormalization::nfd(keyword);
            for keyword in [keyword, &nfd.collect::<String>()] {
                assert_eq!(found(&app, keyword).await, [&*id], "{keyword:?} {text:?}");
            }
        }
    }
    for keyword in ["%", "s%h", "n_l", "!!", "\u{10ffff}", &"😀".repeat(100)] {
        let expected = usize::from(keyword == "%");
        assert_eq!(found(&app, keyword).await.len(), expected, "{keyword:?}");
    }
    // The longest texts, in either column.
    for (member, text) in [(8, "\u{10ffff}".repeat(1_000)), (9, "İ".repeat(1_000))] {
        let body = json!({"rating": 3, "text": text});
        let made = call(&app, member, Method::POST, &reviews(), Some(body)).await;
        let path = format!("/reviews/{}", made.json()["id"].as_str().unwrap());
        for seen in ["public", "private"] {
            let body = json!({"visibility": seen, "noticeVersion": NOTICE});
            let changed = call(&app, member, Method::PATCH, &path, Some(body)).await;
            assert_eq!(changed.json()["text"], text, "{seen}");
        }
    }
    assert_counts_are_right(&db);
    app.stop().await;
});

on_both!(what_reports_hid_waits_for_an_admin, |db| async move {
    let pool = stocked(&db, 4).await;
    let app = served(pool, &[("REVIEW_HIDING_REPORTS", "2")]).await;
    let id = published(&app, 1, 5, TEXT).await;
    let path = format!("/reviews/{id}/reports");
    for member in [2, 3] {
        let body = Some(json!({"reason": "abuse"}));
        let reported = call(&app, member, Method::POST, &path, body).await;
        assert_eq!(reported.status, 201);
    }
    // As it stands where the reporters withdrew: nobody but an admin brings it back.
    db.console("DELETE FROM review_reports");
    db.console("UPDATE reviews SET open_reports = 0");
    assert_eq!(listed(&app, "").await["total"], 0);
    let admin =
        async |method, path: &str, body| app.as_persona("admin-4", method, path, body, &[]).await;
    let open = admin(Method::GET, "/admin/reviews", None).await.json();
    assert_eq!(ids(&open), [id.as_str()]);
    let keep = json!({"decision": "keep"});
    let path = format!("/admin/reviews/{id}/decision");
    let kept = admin(Method::PUT, &path, Some(&keep)).await;
    assert_eq!(kept.status, 204);
    let open = admin(Method::GET, "/admin/reviews", None).await.json();
    assert!(ids(&open).is_empty());
    assert_eq!(listed(&app, "").await["total"], 1);
    app.stop().await;
});

on_both!(
    no_answer_tells_of_a_review_without_consent,
    |db| async move {
        let pool = stocked(&db, 1).await;
        let app = served(pool, &[]).await;
        let body = json!({"rating": 1, "text": TEXT});
        let post = async || {
            let key = [("idempotency-key", "once")];
            app.as_persona("member-1", Method::POST, &reviews(), Some(&body), &key)
                .await
        };
        assert_eq!(post().await.status, 201);
        assert_eq!(db.count("once_answers"), 1);
        let no = Some(json!({"agreed": false}));
        let taken_back = call(&app, 1, Method::PUT, "/me/consents/sensitive", no).await;
        assert_eq!(taken_back.status, 200);
        assert_eq!((db.count("reviews"), db.count("once_answers")), (0, 0));
        // The same call is none that was answered: it is told how things stand.
        post().await.assert_problem(403, "consent_required");
        app.stop().await;
    }
);

on_both!(a_review_has_one_date, |db| async move {
    let pool = stocked(&db, 1).await;
    let app = served(pool, &[]).await;
    let body = json!({"rating": 3, "text": TEXT});
    let made = call(&app, 1, Method::POST, &reviews(), Some(body)).await;
    let mine = call(&app, 1, Method::GET, "/me/reviews", None).await;
    let told = made.json()["createdAt"].clone();
    assert_eq!(told, mine.json()["items"][0]["createdAt"]);
    app.stop().await;
});
