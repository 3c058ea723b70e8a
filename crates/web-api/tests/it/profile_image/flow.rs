//! From a picture to the one that others see.

use image::{GenericImageView as _, ImageFormat};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::app::{ImageApp, Store};
use super::pictures::{CANARY, holds, jpeg_upside_down, png, written};
use crate::db_support::on_both;

on_both!(three_types_become_ones_picture, |db| async move {
    for store in Store::BOTH {
        let app = ImageApp::on(&db, store).await;
        let me = app.member(1).await;
        assert_eq!(app.shown(&me).await, Value::Null);
        let mut urls = Vec::new();
        for (kind, bytes) in [
            ("image/jpeg", jpeg_upside_down()),
            ("image/png", png()),
            ("image/webp", written(ImageFormat::WebP)),
        ] {
            let id = app.uploaded(&me, kind, &bytes).await;
            let url = app.accepted(&me, &id).await;
            let answer = app.picture(&url).await;
            assert_eq!(answer.status(), StatusCode::OK);
            for (name, value) in [
                ("content-type", "image/jpeg"),
                ("x-content-type-options", "nosniff"),
                ("cache-control", "public, max-age=31536000, immutable"),
                ("cross-origin-resource-policy", "cross-origin"),
            ] {
                assert_eq!(answer.headers()[name], value);
            }
            let body = answer.bytes().await.unwrap();
            assert!(!holds(&body, CANARY) && !holds(&body, "Exif"));
            let shown = image::load_from_memory_with_format(&body, ImageFormat::Jpeg).unwrap();
            assert_eq!(shown.dimensions(), (512, 512));
            // The telephone was held upside down: red is below.
            let red = shown.get_pixel(256, if kind == "image/jpeg" { 500 } else { 12 });
            assert!(red.0[0] > 180 && red.0[2] < 80, "{kind} {red:?}");
            // The same upload again is the same picture.
            assert_eq!(app.accepted(&me, &id).await, url);
            urls.push(url);
            // What came before is gone, and so is what was uploaded.
            app.left("images/", 1).await;
            app.left("uploads/", 0).await;
        }
        for old in &urls[..2] {
            assert_eq!(app.picture(old).await.status(), StatusCode::NOT_FOUND);
        }
        for _ in 0..2 {
            let removed = app
                .call(&me, Method::DELETE, "/me/profile-image", None)
                .await;
            assert_eq!(removed.status, StatusCode::NO_CONTENT);
        }
        assert_eq!(app.shown(&me).await, Value::Null);
        app.left("images/", 0).await;
        assert_eq!(app.picture(&urls[2]).await.status(), StatusCode::NOT_FOUND);
        app.stop().await;
    }
});

on_both!(an_upload_is_its_owners, |db| async move {
    for store in Store::BOTH {
        let app = ImageApp::on(&db, store).await;
        let (mine, other) = (app.member(1).await, app.member(2).await);
        let id = app.uploaded(&mine, "image/png", &png()).await;
        let taken = app.accept(&other, &id).await;
        taken.assert_problem(404, "upload_not_found");
        assert_eq!(app.shown(&other).await, Value::Null);
        for unknown in ["", "1", "../1", "00000000-0000-4000-8000-000000000000"] {
            let answer = app.accept(&mine, unknown).await;
            answer.assert_problem(404, "upload_not_found");
        }
        let url = app.accepted(&mine, &id).await;
        // Nor is it anybody's who learns the address afterwards.
        app.accept(&other, &id)
            .await
            .assert_problem(404, "upload_not_found");
        app.call(&other, Method::DELETE, "/me/profile-image", None)
            .await;
        assert_eq!(app.picture(&url).await.status(), StatusCode::OK);
        app.stop().await;
    }
});

on_both!(
    of_two_at_once_one_counts_and_none_is_left_over,
    |db| async move {
        for store in Store::BOTH {
            let app = ImageApp::on(&db, store).await;
            let me = app.member(1).await;
            let mut ids = Vec::new();
            for _ in 0..4 {
                ids.push(app.uploaded(&me, "image/png", &png()).await);
            }
            ids.push(ids[0].clone());
            let answers = ids.iter().map(|id| app.accept(&me, id));
            let mut done = Vec::new();
            for answer in futures_util::future::join_all(answers).await {
                match answer.status.as_u16() {
                    200 => done.push(answer.json()["profileImageUrl"].clone()),
                    // The one that stands twice: its other half is at it, or was it and isn't any more.
                    409 => drop(answer.assert_problem(409, "upload_in_work")),
                    410 => drop(answer.assert_problem(410, "upload_over")),
                    _ => panic!("{}", answer.text),
                }
            }
            assert!(done.len() >= 4);
            // Removing at the same time leaves a picture with its file, or neither.
            let mut ids = Vec::new();
            for _ in 0..4 {
                ids.push(app.uploaded(&me, "image/png", &png()).await);
            }
            let accepting =
                futures_util::future::join_all(ids.iter().map(|id| app.accept(&me, id)));
            let removing = (0..8).map(|_| app.call(&me, Method::DELETE, "/me/profile-image", None));
            let removing = futures_util::future::join_all(removing);
            let (accepted, removed) = futures_util::future::join(accepting, removing).await;
            for answer in accepted {
                assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
            }
            for answer in removed {
                assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
            }
            let shown = app.shown(&me).await;
            app.left("images/", usize::from(!shown.is_null())).await;
            let last = app.uploaded(&me, "image/png", &png()).await;
            let url = app.accepted(&me, &last).await;
            let shown = json!(url);
            app.left("images/", 1).await;
            app.left("uploads/", 0).await;
            let answer = app.picture(shown.as_str().unwrap()).await;
            assert_eq!(answer.status(), StatusCode::OK);
            app.stop().await;
        }
    }
);

#[tokio::test(flavor = "multi_thread")]
async fn paths_lead_nowhere_else() {
    let db = crate::db_support::TestDb::sqlite();
    let app = ImageApp::on(&db, Store::Local).await;
    let name = format!("{}.jpg", "a".repeat(40));
    for path in [
        format!("/profile-images/{name}"),
        "/profile-images/..%2f..%2fkeys%2findex.key".to_owned(),
        "/profile-images/%2e%2e%2fuploads%2f1".to_owned(),
        format!("/profile-images/..%2fimages%2f{name}"),
        format!("/profile-images/{name}%00"),
    ] {
        let answer = app.app.app.get(&path).await;
        assert!(
            answer.status == 404 || answer.status == 400,
            "{path}: {}",
            answer.text
        );
    }
    let put = |path: &str| app.app.app.request(Method::PUT, path).body(png());
    for path in [
        "/profile-image-uploads/..%2f..%2fkeys%2findex.key?signature=a",
        "/profile-image-uploads/00000000-0000-4000-8000-000000000000?signature=a",
        "/profile-image-uploads/none",
    ] {
        let answer = app.app.app.send(put(path)).await;
        answer.assert_problem(403, "upload_not_permitted");
    }
    assert_eq!(app.stored(), [""; 0]);
    app.stop().await;
}
