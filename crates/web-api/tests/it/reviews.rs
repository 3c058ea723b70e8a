//! What members say of medicines: to themselves, or to everybody once they know what that means.

use reqwest::Method;
use serde_json::{Value, json};

use crate::accounts_app::{AccountsApp, PASSWORD};
use crate::db_support::on_both;
use crate::reviews_kit::{
    NOTICE, assert_counts_are_right, call, ids, listed, published, reviews, served, stocked,
};
use crate::support::sample;

const TEXT: &str = "두통이 금방 가라앉았어요.";

on_both!(a_review_is_its_authors_until_he_was_told, |db| async move {
    let pool = stocked(&db, 2).await;
    let app = served(pool, &[]).await;
    let post = async |body: Value| call(&app, 1, Method::POST, &reviews(), Some(body)).await;
    let text = "속이 편안해요 SECRETWORD";
    // Every fault at once; nothing is stored.
    let wrong = json!({"rating": 6, "text": "짧다", "visibility": "friends"});
    let problem = post(wrong).await.assert_problem(422, "validation_failed");
    let fields = problem["errors"].as_array().unwrap().iter();
    let fields: Vec<_> = fields.map(|one| one["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["rating", "text", "visibility"]);
    // Public only with the notice that is in force.
    let notice = app.read("/api/v1/reviews/notice").await;
    assert_eq!(notice["version"], NOTICE);
    assert!(notice["text"].as_str().unwrap().contains("민감정보"));
    for version in [Value::Null, json!("2020-01-01"), json!("가")] {
        let body =
            json!({"rating": 4, "text": text, "visibility": "public", "noticeVersion": version});
        let problem = post(body).await.assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["field"], "noticeVersion");
        assert_eq!(problem["errors"][0]["code"], "notice_required");
    }
    assert_eq!(db.count("reviews"), 0);

    // Private is what is taken where nothing is said.
    let made = post(json!({"rating": 4, "text": text})).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert!(
        !made.text.contains("SECRETWORD"),
        "it would be kept for a day"
    );
    let made = made.json();
    assert_eq!(made["visibility"], "private");
    let path = format!("/reviews/{}", made["id"].as_str().unwrap());
    let page = listed(&app, "").await;
    assert_eq!((ids(&page).len(), &page["total"]), (0, &json!(0)));
    assert_eq!(page["averageRating"], Value::Null);
    let readable =
        "reviews WHERE body IS NOT NULL OR folded IS NOT NULL OR sealed LIKE '%SECRETWORD%'";
    assert_eq!(db.count(readable), 0, "it is sealed");
    // Nobody else knows of it, whatever he does.
    let nothing = json!({"rating": 1});
    let other = async |method, path: String, body| {
        call(&app, 2, method, &path, body)
            .await
            .assert_problem(404, "review_not_found");
    };
    other(Method::PATCH, path.clone(), Some(nothing)).await;
    other(Method::DELETE, path.clone(), None).await;
    let helpful = json!({"kind": "helpful"});
    other(Method::PUT, format!("{path}/reaction"), Some(helpful)).await;
    let abuse = json!({"reason": "abuse"});
    other(Method::POST, format!("{path}/reports"), Some(abuse)).await;
    other(Method::DELETE, "/reviews/none".to_owned(), None).await;

    // His own list has it, whole.
    let mine = call(&app, 1, Method::GET, "/me/reviews", None).await;
    assert_eq!(mine.header("cache-control"), "private, no-cache");
    let mine = mine.json();
    let one = &mine["items"][0];
    assert_eq!((&one["text"], &one["rating"]), (&json!(text), &json!(4)));
    assert_eq!(
        (&one["state"], &one["noticeVersion"]),
        (&json!("shown"), &Value::Null)
    );
    assert_eq!(one["medicine"]["id"], sample::TYLENOL.to_string());
    assert_eq!(one["medicine"]["wished"], false);
    assert_eq!(one["medicine"]["allergyCheck"], "noKnownMatch");

    // Published, with the notice; then private again.
    let publish = json!({"visibility": "public"});
    call(&app, 1, Method::PATCH, &path, Some(publish))
        .await
        .assert_problem(422, "validation_failed");
    let publish = json!({"visibility": "public", "noticeVersion": NOTICE});
    for _ in 0..2 {
        let changed = call(&app, 1, Method::PATCH, &path, Some(publish.clone())).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        assert_eq!(changed.json()["noticeVersion"], NOTICE);
        assert_eq!(changed.json()["text"], text);
    }
    let page = listed(&app, "").await;
    assert_eq!(page["items"][0]["text"], text);
    assert_eq!(page["ratings"], json!([0, 0, 0, 1, 0]));
    assert_eq!(page["items"][0]["author"], "아무1");
    assert!(!page.to_string().contains("persona1"), "no login id");
    // Under an old notice it stays as it is; something else is said under the one in force.
    db.console("UPDATE reviews SET notice_version = '2020-01-01'");
    for anew in [
        json!({"text": "다른 이야기를 씁니다."}),
        json!({"rating": 1}),
    ] {
        let refused = call(&app, 1, Method::PATCH, &path, Some(anew)).await;
        let problem = refused.assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["code"], "notice_required");
    }
    let same = json!({"rating": 4, "visibility": "public"});
    let same = call(&app, 1, Method::PATCH, &path, Some(same)).await;
    assert_eq!(same.json()["noticeVersion"], "2020-01-01");
    let anew = json!({"rating": 3, "noticeVersion": NOTICE});
    let anew = call(&app, 1, Method::PATCH, &path, Some(anew)).await;
    assert_eq!(anew.json()["noticeVersion"], NOTICE);
    let hide = json!({"visibility": "private", "rating": 2});
    assert_eq!(
        call(&app, 1, Method::PATCH, &path, Some(hide)).await.status,
        200
    );
    assert_eq!(listed(&app, "").await["total"], 0);
    assert_eq!(db.count(readable), 0, "it is sealed again");
    assert_counts_are_right(&db);
    app.stop().await;
});

on_both!(reviews_are_found_sorted_and_judged, |db| async move {
    let pool = stocked(&db, 4).await;
    let app = served(pool, &[]).await;
    let first = published(&app, 1, 5, "TYLENOL 50% 빨랐어요!!").await;
    let second = published(&app, 2, 2, TEXT).await;
    let third = published(&app, 3, 3, "저는 효과가 없었어요.\n그래도 순해요.").await;
    let page = listed(&app, "").await;
    assert_eq!(ids(&page), [&third, &second, &first].map(String::as_str));
    assert_eq!(
        (&page["total"], &page["averageRating"]),
        (&json!(3), &json!(3.3))
    );
    let anonymous = &page["items"][0];
    assert!(anonymous.get("mine").is_none() && anonymous.get("myReaction").is_none());

    // A keyword means its own characters, in either case.
    for (query, found) in [
        ("tylenol", vec![&first]),
        ("50%25", vec![&first]),
        ("0%25_", vec![]),
        ("%EC%96%B4%EC%9A%94", vec![&third, &second, &first]),
        ("!!", vec![&first]),
    ] {
        let page = listed(&app, &format!("?query={query}")).await;
        assert_eq!(
            ids(&page),
            found.into_iter().map(String::as_str).collect::<Vec<_>>(),
            "{query}"
        );
    }
    for (query, field) in [
        ("?sort=best", "sort"),
        ("?cursor=AAAA", "cursor"),
        ("?query=%00", "query"),
        ("?pageSize=0", "pageSize"),
    ] {
        let answer = app.get(&format!("/api/v1{}{query}", reviews())).await;
        let problem = answer.assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["field"], field);
    }
    let nowhere = app.get("/api/v1/medicines/999999999/reviews").await;
    nowhere.assert_problem(404, "medicine_not_found");

    // One reaction a reader; another one takes its place.
    let react = async |member, id: &str, kind: &str| {
        let path = format!("/reviews/{id}/reaction");
        call(
            &app,
            member,
            Method::PUT,
            &path,
            Some(json!({"kind": kind})),
        )
        .await
    };
    for (member, kind, counts) in [
        (2, "helpful", (1, 0)),
        (2, "helpful", (1, 0)),
        (3, "helpful", (2, 0)),
        (2, "unhelpful", (1, 1)),
    ] {
        let answer = react(member, &first, kind).await.json();
        assert_eq!(answer["helpfulCount"], counts.0, "{member} {kind}");
        assert_eq!(answer["unhelpfulCount"], counts.1, "{member} {kind}");
    }
    react(1, &first, "helpful")
        .await
        .assert_problem(403, "own_review");
    react(1, &second, "great")
        .await
        .assert_problem(422, "validation_failed");
    let page = listed(&app, "?sort=helpful&pageSize=2").await;
    assert_eq!(ids(&page), [&first, &third].map(String::as_str));
    let cursor = page["nextCursor"].as_str().unwrap();
    let next = listed(&app, &format!("?sort=helpful&cursor={cursor}")).await;
    assert_eq!(
        (ids(&next), &next["nextCursor"]),
        (vec![second.clone()], &Value::Null)
    );
    let other = app
        .get(&format!("/api/v1{}?cursor={cursor}", reviews()))
        .await;
    other.assert_problem(422, "validation_failed");

    // Signed in, what is one's own is told, to nobody else.
    let page = call(&app, 2, Method::GET, &reviews(), None).await;
    assert_eq!(page.header("cache-control"), "private, no-cache");
    let page = page.json();
    let told = page["items"].as_array().unwrap().iter();
    let told: Vec<_> = told.map(|one| (&one["mine"], &one["myReaction"])).collect();
    let (no, yes) = (json!(false), json!(true));
    let unhelpful = json!("unhelpful");
    assert_eq!(
        told,
        [(&no, &Value::Null), (&yes, &Value::Null), (&no, &unhelpful)]
    );
    let path = format!("/reviews/{first}/reaction");
    for _ in 0..2 {
        assert_eq!(call(&app, 2, Method::DELETE, &path, None).await.status, 204);
    }
    assert_eq!(listed(&app, "").await["items"][2]["unhelpfulCount"], 0);

    // Only one's own is changed; a second one isn't written.
    let path = format!("/reviews/{first}");
    let change = Some(json!({"rating": 1}));
    call(&app, 2, Method::PATCH, &path, change)
        .await
        .assert_problem(403, "not_own_review");
    call(&app, 2, Method::DELETE, &path, None)
        .await
        .assert_problem(403, "not_own_review");
    let again = json!({"rating": 1, "text": TEXT});
    let again = call(&app, 1, Method::POST, &reviews(), Some(again)).await;
    again.assert_problem(409, "review_exists");
    let edit = json!({"text": "다시 써 보니 그저 그래요.", "rating": 3});
    let edited = call(&app, 1, Method::PATCH, &path, Some(edit)).await.json();
    assert!(edited["editedAt"].is_string() && edited["helpfulCount"] == 1);
    let page = listed(&app, "?query=%EA%B7%B8%EC%A0%80").await;
    assert_eq!(
        (ids(&page), &page["ratings"]),
        (vec![first.clone()], &json!([0, 1, 2, 0, 0]))
    );
    assert_eq!(call(&app, 1, Method::DELETE, &path, None).await.status, 204);
    call(&app, 1, Method::DELETE, &path, None)
        .await
        .assert_problem(404, "review_not_found");
    assert_eq!(listed(&app, "").await["total"], 2);
    assert_counts_are_right(&db);
    app.stop().await;
});

on_both!(
    what_was_said_goes_with_consent_and_account,
    |db| async move {
        sample::catalogue().write(&db.migrated().await).await;
        let app = AccountsApp::on(&db).await;
        app.app
            .wait_for("the catalogue is loaded", async |app| {
                app.get("/api/v1/medicine-types").await.status == 200
            })
            .await;
        let one = app.member("haneul7", "하늘", "01023456789").await;
        let two = app.member("bada7", "바다", "01023456780").await;
        let send = async |signed: &Value, method, path: &str, body: Value| {
            app.as_member(signed, method, path, Some(body)).await
        };
        let private = json!({"rating": 2, "text": TEXT});
        send(&one, Method::POST, &reviews(), private)
            .await
            .assert_problem(403, "consent_required");
        let mut written = Vec::new();
        for signed in [&one, &two] {
            let agreed = json!({"agreed": true});
            send(signed, Method::PUT, "/me/consents/sensitive", agreed).await;
            let public =
                json!({"rating": 2, "text": TEXT, "visibility": "public", "noticeVersion": NOTICE});
            let made = send(signed, Method::POST, &reviews(), public).await;
            assert_eq!(made.status, 201, "{}", made.text);
            written.push(made.json()["id"].as_str().unwrap().to_owned());
        }
        let path = format!("/reviews/{}", written[1]);
        send(
            &one,
            Method::PUT,
            &format!("{path}/reaction"),
            json!({"kind": "helpful"}),
        )
        .await;
        let report = json!({"reason": "other", "detail": "한번 봐 주세요"});
        send(&one, Method::POST, &format!("{path}/reports"), report).await;
        let private = json!({"visibility": "private"});
        send(
            &one,
            Method::PATCH,
            &format!("/reviews/{}", written[0]),
            private,
        )
        .await;
        let export = app
            .as_member(&one, Method::GET, "/me/export", None)
            .await
            .json();
        let review = &export["reviews"][0];
        assert_eq!(
            (&review["text"], &review["visibility"]),
            (&json!(TEXT), &json!("private"))
        );
        assert_eq!(export["reviewReactions"][0]["reviewId"], written[1]);
        assert_eq!(export["reviewReports"][0]["detail"], "한번 봐 주세요");
        assert_counts_are_right(&db);

        // Without the consent nothing on health is kept; what he thinks of others' isn't of his health.
        send(
            &one,
            Method::PUT,
            "/me/consents/sensitive",
            json!({"agreed": false}),
        )
        .await;
        assert_eq!(db.count("reviews"), 1);
        assert_eq!(
            (db.count("review_reactions"), db.count("review_reports")),
            (1, 1)
        );
        let left = send(&one, Method::DELETE, "/me", json!({"password": PASSWORD})).await;
        assert_eq!(left.status, 200, "{}", left.text);
        assert_eq!(
            (db.count("review_reactions"), db.count("review_reports")),
            (0, 0)
        );
        assert_eq!(
            db.count("reviews WHERE helpful = 0 AND open_reports = 0"),
            1
        );
        assert_counts_are_right(&db);
        let left = send(&two, Method::DELETE, "/me", json!({"password": PASSWORD})).await;
        assert_eq!(left.status, 200, "{}", left.text);
        assert_eq!(
            (
                db.count("reviews"),
                db.count("review_counts WHERE shown > 0")
            ),
            (0, 0)
        );
        app.stop().await;
    }
);

on_both!(reports_hide_until_an_admin_decides, |db| async move {
    let pool = stocked(&db, 7).await;
    let app = served(pool, &[("REVIEW_HIDING_REPORTS", "2")]).await;
    let id = published(&app, 1, 5, TEXT).await;
    let other = published(&app, 2, 4, "부작용이 없어서 좋아요.").await;
    let path = format!("/reviews/{id}/reports");
    let report = async |member: i64, reason: &str| {
        let body = json!({"reason": reason, "detail": "읽어 보세요"});
        call(&app, member, Method::POST, &path, Some(body)).await
    };
    let admin = async |method, path: &str, body: Option<Value>| {
        let path = format!("/admin{path}");
        app.as_persona("admin-7", method, &path, body.as_ref(), &[])
            .await
    };
    report(1, "abuse").await.assert_problem(403, "own_review");
    report(2, "boring")
        .await
        .assert_problem(422, "validation_failed");
    // A reader counts once.
    for counted in [true, false] {
        let answer = report(3, "advertising").await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!(answer.json()["counted"], counted);
    }
    assert_eq!(listed(&app, "").await["total"], 2);
    assert_eq!(report(4, "dangerous").await.status, 201);
    let page = listed(&app, "").await;
    assert_eq!(
        (ids(&page), &page["total"]),
        (vec![other.clone()], &json!(1))
    );
    report(5, "abuse")
        .await
        .assert_problem(404, "review_not_found");
    let mine = call(&app, 1, Method::GET, "/me/reviews", None).await.json();
    assert_eq!(mine["items"][0]["state"], "reported");
    // A change doesn't bring it back.
    let edit = Some(json!({"rating": 4}));
    let edited = call(&app, 1, Method::PATCH, &format!("/reviews/{id}"), edit).await;
    assert_eq!(edited.json()["state"], "reported");

    // Admins see what was reported, and it is written down whose they read.
    let open = admin(Method::GET, "/reviews", None).await.json();
    assert_eq!(ids(&open), [id.as_str()]);
    let one = &open["items"][0];
    assert_eq!(
        (&one["authorId"], &one["openReports"]),
        (&json!("1"), &json!(2))
    );
    assert_eq!(one["reports"][0]["reporterId"], "4");
    assert_eq!(one["reports"][1]["detail"], "읽어 보세요");
    for (state, count) in [("reported", 1), ("hidden", 0), ("open", 1)] {
        let page = admin(Method::GET, &format!("/reviews?state={state}"), None)
            .await
            .json();
        assert_eq!(ids(&page).len(), count, "{state}");
    }
    let read = "audit WHERE action = 'reviewRead' AND actor_id = '7' AND subject_id = '1'";
    assert_eq!(db.count(read), 3);
    // Whoever reported is read as well, and his own words.
    let read = "audit WHERE action = 'reviewRead' AND actor_id = '7' AND subject_id = '4'";
    assert_eq!(db.count(read), 3);
    let decision = format!("/reviews/{id}/decision");
    let decide = async |decision_of: &str| {
        let body = Some(json!({"decision": decision_of}));
        admin(Method::PUT, &decision, body).await.status
    };
    assert_eq!(decide("maybe").await, 422);
    assert_eq!(decide("keep").await, 204);
    assert_eq!(listed(&app, "").await["total"], 2);
    assert!(ids(&admin(Method::GET, "/reviews", None).await.json()).is_empty());
    // Old reports don't hide again what was kept; new ones do, also of who reported before.
    assert_eq!(report(5, "abuse").await.status, 201);
    assert_eq!(listed(&app, "").await["total"], 2);
    assert_eq!(report(3, "abuse").await.json()["counted"], true);
    assert_eq!(listed(&app, "").await["total"], 1);
    assert_eq!(decide("hide").await, 204);
    let page = admin(Method::GET, "/reviews?state=hidden", None)
        .await
        .json();
    assert_eq!(ids(&page), [id.as_str()]);
    let decided = format!(
        "audit WHERE action = 'reviewDecided' AND subject_id = '1' AND detail = 'hide {id}'"
    );
    assert_eq!(db.count(&decided), 1);
    // Nobody decides on what he wrote himself; who is suspended may keep it to himself, and no more.
    let own = published(&app, 7, 4, "관리자도 약을 먹습니다.").await;
    let keep = Some(json!({"decision": "keep"}));
    let path = format!("/reviews/{own}/decision");
    admin(Method::PUT, &path, keep)
        .await
        .assert_problem(403, "own_review");
    let suspended = async |body: Value| {
        let path = format!("/reviews/{own}");
        let change = app.as_persona("suspended-7", Method::PATCH, &path, Some(&body), &[]);
        change.await
    };
    for body in [
        json!({"visibility": "private", "rating": 1}),
        json!({"rating": 1}),
        json!({}),
    ] {
        suspended(body)
            .await
            .assert_problem(403, "account_suspended");
    }
    assert_eq!(
        suspended(json!({"visibility": "private"})).await.status,
        200
    );
    // What he then keeps to himself is no admin's to read, and stays hidden.
    let private = Some(json!({"visibility": "private"}));
    call(&app, 1, Method::PATCH, &format!("/reviews/{id}"), private).await;
    let page = admin(Method::GET, "/reviews?state=hidden", None)
        .await
        .json();
    assert!(ids(&page).is_empty());
    assert_eq!(decide("keep").await, 404);
    let public = Some(json!({"visibility": "public", "noticeVersion": NOTICE}));
    call(&app, 1, Method::PATCH, &format!("/reviews/{id}"), public).await;
    assert_eq!(listed(&app, "").await["total"], 1);
    assert_eq!(decide("keep").await, 204);
    assert_eq!(listed(&app, "").await["total"], 2);
    assert_counts_are_right(&db);
    app.stop().await;
});
