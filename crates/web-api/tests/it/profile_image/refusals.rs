//! What isn't taken: pictures that are none, uploads that are others than permitted.

use chrono::TimeDelta;
use reqwest::StatusCode;
use serde_json::json;

use super::app::{ImageApp, Store};
use super::pictures::{bomb, png};
use crate::db_support::on_both;

on_both!(what_is_no_picture_is_refused_for_good, |db| async move {
    for store in Store::BOTH {
        let app = ImageApp::on(&db, store).await;
        let me = app.member(1).await;
        for (kind, size, field) in [
            ("image/svg+xml", 1_000, "contentType"),
            ("image/png; charset=utf-8", 1_000, "contentType"),
            ("", 1_000, "contentType"),
            ("image/png", 0, "size"),
            ("image/png", 5 * 1_024 * 1_024 + 1, "size"),
            ("image/png", usize::MAX / 2, "size"),
        ] {
            let answer = app.permit(&me, kind, size).await;
            let problem = answer.assert_problem(422, "validation_failed");
            assert_eq!(problem["errors"][0]["field"], field);
        }
        let html = b"<!doctype html><script>alert(1)</script>".to_vec();
        let polyglot = [b"\x89PNG\r\n\x1a\n", &html[..]].concat();
        for (kind, bytes, code) in [
            ("image/png", html, "not_an_image"),
            ("image/png", polyglot, "not_an_image"),
            ("image/jpeg", png(), "other_content_type"),
            ("image/png", bomb(), "too_many_pixels"),
            ("image/png", png()[..200].to_vec(), "not_an_image"),
        ] {
            let id = app.uploaded(&me, kind, &bytes).await;
            app.refused(&me, &id, code).await;
            let again = app.accept(&me, &id).await;
            again.assert_problem(410, "upload_over");
        }
        assert_eq!(app.shown(&me).await, serde_json::Value::Null);
        app.left("uploads/", 0).await;
        app.left("images/", 0).await;
        app.stop().await;
    }
});

on_both!(only_what_was_permitted_is_taken, |db| async move {
    for store in Store::BOTH {
        let app = ImageApp::on(&db, store).await;
        let me = app.member(1).await;
        let bytes = png();
        // A bucket refuses in its own words: a header that differs is another signature.
        let local = store == Store::Local;
        let expect = |local_status, s3_status| if local { local_status } else { s3_status };

        let upload = app.permitted(&me, "image/png", bytes.len()).await;
        assert_eq!(app.send(&upload, &bytes[1..]).await, expect(422, 403));
        let longer = [&bytes[..], b"more"].concat();
        assert_eq!(app.send(&upload, &longer).await, expect(422, 403));
        let mut other = upload.clone();
        other["headers"]["Content-Type"] = json!("text/html");
        assert_eq!(app.send(&other, &bytes).await, expect(422, 403));
        let url = upload["url"].as_str().unwrap();
        // The first digit: the last one of 32 bytes holds bits that mean nothing.
        let (rest, signature) = url.rsplit_once('=').unwrap();
        let digit = if signature.starts_with('1') { "2" } else { "1" };
        let mut other = upload.clone();
        other["url"] = json!(format!("{rest}={digit}{}", signature.get(1..).unwrap()));
        assert_eq!(app.send(&other, &bytes).await, 403, "another signature");
        // Of an unknown length.
        let chunks = futures_util::stream::iter([Ok::<_, std::io::Error>(bytes.clone())]);
        let chunked = app.upload_request(&upload);
        let chunked = chunked.body(reqwest::Body::wrap_stream(chunks));
        assert!(chunked.send().await.unwrap().status().is_client_error());
        // None of these was the one time.
        let id = upload["uploadId"].as_str().unwrap();
        let early = app.accept(&me, id).await;
        early.assert_problem(409, "upload_missing");
        assert!(app.send(&upload, &bytes).await.is_success());
        assert_eq!(app.send(&upload, &bytes).await, expect(410, 412), "twice");
        app.accepted(&me, id).await;
        app.left("uploads/", 0).await;

        // Five minutes to send it, a quarter of an hour to use it.
        let upload = app.permitted(&me, "image/png", bytes.len()).await;
        let kept = app.uploaded(&me, "image/png", &bytes).await;
        app.advance(TimeDelta::seconds(301));
        assert_eq!(app.send(&upload, &bytes).await, expect(410, 403), "late");
        app.advance(TimeDelta::minutes(10));
        let late = app.accept(&me_again(&app).await, &kept).await;
        late.assert_problem(410, "upload_over");
        assert_eq!(app.stored().len(), 2);
        app.advance(TimeDelta::minutes(15));
        app.left("uploads/", 0).await;
        app.left("images/", 1).await;
        app.stop().await;
    }
});

/// Signed in again: the access token was good for a quarter of an hour.
async fn me_again(app: &ImageApp) -> serde_json::Value {
    let store = u32::from(app.store == Store::S3);
    app.app.signed_in(&format!("haneul{store}1")).await
}

on_both!(nobody_begins_without_end, |db| async move {
    let app = ImageApp::on(&db, Store::Local).await;
    let me = app.member(1).await;
    let begun = (0..30).map(|_| app.permit(&me, "image/png", 100));
    let answers = futures_util::future::join_all(begun).await;
    let permitted = answers
        .iter()
        .filter(|one| one.status == StatusCode::CREATED);
    assert_eq!(permitted.count(), 20);
    let refused = app.permit(&me, "image/png", 100).await;
    refused.assert_problem(429, "too_many_uploads");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((3_500..=3_601).contains(&wait), "{wait}");
    // Another member has his own.
    let other = app.member(2).await;
    app.permitted(&other, "image/png", 100).await;
    app.advance(TimeDelta::minutes(61));
    app.permitted(&me_again(&app).await, "image/png", 100).await;
    app.stop().await;
});
