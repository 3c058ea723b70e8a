//! Reviews at their edges: forged cursors, odd letters, and what is left behind.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use reqwest::Method;
use serde_json::json;

use crate::db_support::on_both;
use crate::reviews_kit::{call, published, reviews, served, stocked};

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
