//! The object store: uploads by signed addresses, and what a signature holds.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use reqwest::Method;
use rusty_s3::{
    S3Action,
    actions::{GetObject, HeadObject, PutObject},
};
use simulators::s3::Config;

use crate::{
    s3_support::{Store, VALID, because, refusal, start, upload, with_header},
    support::client,
};

#[tokio::test]
async fn what_is_put_is_got_until_it_is_deleted() {
    let running = start().await;
    let store = Store::new(&running);
    let key = "profile images/홍 길동+1.png";
    let url = store.put(key, "image/png", 5);
    let put = upload(&url, "image/png", "hello").await;
    assert_eq!(put.status(), 200);
    // The MD5 of "hello".
    assert_eq!(
        put.headers()["etag"],
        "\"5d41402abc4b2a76b9719d911017c592\""
    );
    let got = client().get(store.get(key)).send().await.unwrap();
    assert_eq!(got.headers()["content-type"], "image/png");
    assert_eq!(
        got.headers()["etag"],
        "\"5d41402abc4b2a76b9719d911017c592\""
    );
    assert!(
        got.headers()["last-modified"]
            .to_str()
            .unwrap()
            .ends_with(" GMT")
    );
    assert_eq!(got.text().await.unwrap(), "hello");
    let head = HeadObject::new(&store.bucket, Some(&store.credentials), key).sign(VALID);
    let head = client().head(head).send().await.unwrap();
    assert_eq!(head.headers()["content-length"], "5");
    assert_eq!(running.handle.keys(), [key]);
    assert_eq!(running.handle.object(key).unwrap().bytes, "hello");
    for _ in 0..2 {
        let deleted = client().delete(store.delete(key)).send().await.unwrap();
        assert_eq!(deleted.status(), 204, "deleting is idempotent");
    }
    let gone = client().get(store.get(key)).send().await.unwrap();
    assert_eq!(refusal(gone).await, because(404, "NoSuchKey"));
}

#[tokio::test]
async fn a_signature_holds_method_path_type_and_length() {
    let running = start().await;
    let store = Store::new(&running);
    let url = store.put("a", "image/png", 5);
    let mismatch = because(403, "SignatureDoesNotMatch");
    assert_eq!(
        refusal(upload(&url, "image/gif", "hello").await).await,
        mismatch
    );
    assert_eq!(
        refusal(upload(&url, "image/png", "hello!").await).await,
        mismatch
    );
    let got = client().get(url.clone()).send().await.unwrap();
    assert_eq!(refusal(got).await, mismatch, "signed for PUT");
    let mut other = url.clone();
    other.set_path(&url.path().replace("/a", "/b"));
    assert_eq!(
        refusal(upload(&other, "image/png", "hello").await).await,
        mismatch
    );
    let longer = url
        .as_str()
        .replace("X-Amz-Expires=600", "X-Amz-Expires=6000");
    let longer = longer.parse().unwrap();
    assert_eq!(
        refusal(upload(&longer, "image/png", "hello").await).await,
        mismatch
    );
    let amz = client()
        .put(url.clone())
        .header("content-type", "image/png");
    let amz = amz.header("x-amz-acl", "public-read").body("hello");
    let refused = refusal(amz.send().await.unwrap()).await;
    assert_eq!(
        refused,
        because(403, "AccessDenied"),
        "a header that wasn't signed"
    );
    assert!(running.handle.keys().is_empty());
}

#[tokio::test]
async fn a_signature_is_valid_from_its_date_until_it_expires() {
    let running = start().await;
    let url = Store::new(&running).put("a", "image/png", 5);
    running.handle.clock.move_by(TimeDelta::minutes(5));
    assert_eq!(upload(&url, "image/png", "hello").await.status(), 200);
    running.handle.clock.move_by(TimeDelta::minutes(6));
    let late = upload(&url, "image/png", "hello").await;
    assert_eq!(refusal(late).await, because(403, "AccessDenied"));
    let late = upload(&url, "image/png", "hello")
        .await
        .text()
        .await
        .unwrap();
    assert!(
        late.contains("<Message>Request has expired</Message>"),
        "{late}"
    );
    assert!(
        late.contains("<X-Amz-Expires>600</X-Amz-Expires>"),
        "{late}"
    );
    running.handle.clock.move_by(TimeDelta::hours(-1));
    let early = upload(&url, "image/png", "hello").await;
    assert_eq!(
        refusal(early).await,
        because(403, "AccessDenied"),
        "from the future"
    );
}

#[tokio::test]
async fn who_is_not_known_or_asks_wrongly_is_told_so() {
    let running = start().await;
    let Config {
        bucket,
        region,
        access_key: key,
        secret_key: secret,
        ..
    } = Config::default();
    let cases = [
        (
            Store::with(&running, &bucket, &region, &key, "wrong"),
            403,
            "SignatureDoesNotMatch",
        ),
        (
            Store::with(&running, &bucket, &region, "NOBODY", &secret),
            403,
            "InvalidAccessKeyId",
        ),
        (
            Store::with(&running, &bucket, "us-east-1", &key, &secret),
            400,
            "AuthorizationQueryParametersError",
        ),
        (
            Store::with(&running, "other", &region, &key, &secret),
            404,
            "NoSuchBucket",
        ),
    ];
    for (store, status, code) in cases {
        let response = client().get(store.get("a")).send().await.unwrap();
        assert_eq!(refusal(response).await, because(status, code));
    }
    let store = Store::new(&running);
    let bare = store.bucket.object_url("a");
    let response = client().get(bare).send().await.unwrap();
    assert_eq!(refusal(response).await, because(403, "AccessDenied"));
    let long = GetObject::new(&store.bucket, Some(&store.credentials), "a");
    let long = long.sign(Duration::from_secs(604_801));
    let response = client().get(long).send().await.unwrap();
    let expected = because(400, "AuthorizationQueryParametersError");
    assert_eq!(refusal(response).await, expected);
}

#[tokio::test]
async fn what_is_too_large_or_of_unknown_length_is_refused() {
    let running = start().await;
    let store = Store::new(&running);
    let put = async |key: &str, length: usize| {
        let url = store.put(key, "text/plain", length);
        upload(&url, "text/plain", vec![b'x'; length]).await
    };
    assert_eq!(put("a", 1_000).await.status(), 200);
    let refused = refusal(put("b", 1_001).await).await;
    assert_eq!(refused, because(400, "EntityTooLarge"));
    assert_eq!(put("b", 1_000).await.status(), 200);
    let refused = refusal(put("c", 1_000).await).await;
    assert_eq!(
        refused,
        because(503, "ServiceUnavailable"),
        "the memory is full"
    );
    assert_eq!(
        put("a", 900).await.status(),
        200,
        "what is replaced doesn't count"
    );
    assert_eq!(running.handle.keys(), ["a", "b"]);

    let url = PutObject::new(&store.bucket, Some(&store.credentials), "d").sign(VALID);
    let chunks = futures_util::stream::iter([Ok::<_, std::io::Error>("x")]);
    let chunked = reqwest::Body::wrap_stream(chunks);
    let refused = refusal(client().put(url).body(chunked).send().await.unwrap()).await;
    assert_eq!(refused, because(411, "MissingContentLength"));
}

#[tokio::test]
async fn signed_headers_work_as_well_and_hold_the_body() {
    let running = start().await;
    let now = Utc::now().format("%Y%m%dT%H%M%SZ").to_string();
    let hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    let put = with_header(&running, Method::PUT, "hello", hello, &now).await;
    assert_eq!(put.status(), 200);
    let object = running.handle.object("server/side").unwrap();
    assert_eq!(object.metadata["x-amz-meta-owner"], "a   b");
    assert_eq!(object.content_type, "binary/octet-stream");
    let other = with_header(&running, Method::PUT, "HELLO", hello, &now).await;
    assert_eq!(
        refusal(other).await,
        because(400, "XAmzContentSHA256Mismatch")
    );
    let streaming = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    let refused = with_header(&running, Method::PUT, "hello", streaming, &now).await;
    assert_eq!(refusal(refused).await, because(501, "NotImplemented"));
    let got = with_header(&running, Method::GET, "", "UNSIGNED-PAYLOAD", &now).await;
    assert_eq!(got.headers()["x-amz-meta-owner"], "a   b");
    assert_eq!(got.text().await.unwrap(), "hello");
    let old = (Utc::now() - TimeDelta::minutes(16))
        .format("%Y%m%dT%H%M%SZ")
        .to_string();
    let refused = with_header(&running, Method::GET, "", "UNSIGNED-PAYLOAD", &old).await;
    assert_eq!(refusal(refused).await, because(403, "RequestTimeTooSkewed"));
    let deleted = with_header(&running, Method::DELETE, "", "UNSIGNED-PAYLOAD", &now).await;
    assert_eq!(deleted.status(), 204);
    assert!(running.handle.keys().is_empty());
}
