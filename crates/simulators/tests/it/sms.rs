//! The SENS stand-in: what it takes, what it refuses, and what becomes of a message.

use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use simulators::sms::{Config, Operation, RateLimit, Simulator};
use std::time::Duration;

use crate::{
    sms_support::{Signer, answer, get, message, post, start},
    support::client,
};

#[tokio::test]
async fn a_message_is_accepted_then_delivered() {
    let running = start().await;
    let (status, accepted) = post(&running, &message("01012345678", "인증번호 [123456]"))
        .await
        .unwrap();
    assert_eq!(status, StatusCode::ACCEPTED);
    assert_eq!(accepted["statusCode"], "202");
    assert_eq!(accepted["statusName"], "success");
    let request = accepted["requestId"].as_str().unwrap();

    let (status, found) = get(&running, &format!("?requestId={request}")).await;
    assert_eq!(status, StatusCode::OK);
    let listed = &found["messages"][0];
    assert_eq!(listed["to"], "01012345678");
    assert_eq!(listed["status"], Value::Null, "states aren't in the list");
    let path = format!("/{}", listed["messageId"].as_str().unwrap());

    // The clock is set back so that the message can't be delivered while the test looks.
    running.handle.clock.move_by(TimeDelta::minutes(-1));
    let (_, before) = get(&running, &path).await;
    assert_eq!(before["messages"][0]["status"], "PROCESSING");
    assert_eq!(before["messages"][0]["statusCode"], Value::Null);
    running.handle.clock.move_by(TimeDelta::minutes(2));
    let (_, after) = get(&running, &path).await;
    let delivered = &after["messages"][0];
    assert_eq!(delivered["status"], "COMPLETED");
    assert_eq!(delivered["statusCode"], "0");
    assert_eq!(delivered["statusName"], "success");
    assert_eq!(delivered["content"], "인증번호 [123456]");
    assert_eq!(running.handle.faults.requests(Operation::FindMessage), 2);
    running.stop().await;
}

#[tokio::test]
async fn only_the_right_signature_of_the_last_five_minutes_passes() {
    let running = start().await;
    let now = Signer::default().millis;
    let minute = 60_000;
    let with = |change: &dyn Fn(&mut Signer)| {
        let mut signer = Signer::default();
        change(&mut signer);
        signer
    };
    let cases = [
        (with(&|_| {}), 202, ""),
        (with(&|signer| signer.millis = now - 4 * minute), 202, ""),
        (
            with(&|signer| signer.millis = now - 6 * minute),
            401,
            "Expired",
        ),
        (
            with(&|signer| signer.millis = now + 6 * minute),
            401,
            "Expired",
        ),
        (with(&|signer| signer.secret_key.push('x')), 401, "Invalid"),
        (with(&|signer| signer.access_key.push('x')), 401, "Invalid"),
    ];
    for (signer, expected, details) in cases {
        let request = signer.request(&running, Method::POST, "");
        let body = message("01012345678", "x");
        let (status, body) = answer(request.json(&body)).await.unwrap();
        assert_eq!(status, expected, "{body}");
        if expected == 401 {
            assert_eq!(body["error"]["errorCode"], "200");
            assert_eq!(body["error"]["message"], "Authentication Failed");
            let text = body["error"]["details"].as_str().unwrap();
            assert!(text.starts_with(details), "{text}");
        }
    }
    // A signature is for one address, query included.
    let signed = Signer::default().request(&running, Method::GET, "?requestId=a");
    let mut request = signed.build().unwrap();
    request.url_mut().set_query(Some("requestId=b"));
    let response = client().execute(request).await.unwrap();
    assert_eq!(response.status(), 401);
    let unsigned = format!("{}/sms/v2/services/x/messages", running.base_url);
    let response = client().post(unsigned).send().await.unwrap();
    assert_eq!(response.status(), 401);
    assert_eq!(running.handle.messages().len(), 2);
}

#[tokio::test]
async fn what_sens_cannot_send_is_refused() {
    let running = start().await;
    let ninety = "가".repeat(45);
    let cases = [
        ("content", json!(ninety), 202),
        ("content", json!(format!("{ninety}.")), 400),
        ("content", json!("약 💊"), 400),
        ("content", json!(""), 400),
        ("content", json!("  "), 400),
        ("from", json!("0212345679"), 400),
        ("type", json!("FAX"), 400),
        ("contentType", json!("SPAM"), 400),
        ("messages", json!([]), 400),
        ("messages", json!([{"to": "010-1234-5678"}]), 400),
        ("messages", json!([{"to": "010"}]), 400),
        (
            "messages",
            json!([{"to": "01012345678", "content": format!("{ninety}.")}]),
            400,
        ),
        ("messages", json!("01012345678"), 400),
    ];
    for (field, value, expected) in cases {
        let mut body = message("01012345678", "x");
        body[field] = value.clone();
        let (status, body) = post(&running, &body).await.unwrap();
        assert_eq!(status, expected, "{field} {value}: {body}");
        if expected == 400 {
            assert_eq!(body["error"]["errorCode"], "100");
        }
    }
    assert_eq!(running.handle.messages().len(), 1);
    let long = json!({"type": "LMS", "from": "0212345678", "content": "가".repeat(1000),
        "messages": [{"to": "01012345678"}]});
    assert_eq!(post(&running, &long).await.unwrap().0, 202);
    let unknown = get(&running, "/nothing").await;
    assert_eq!(
        (unknown.0.as_u16(), &unknown.1["error"]["errorCode"]),
        (404, &json!("300"))
    );
    assert_eq!(get(&running, "?requestId=nothing").await.0, 404);
    assert_eq!(get(&running, "").await.0, 400);
}

#[tokio::test]
async fn too_many_requests_are_429_until_the_period_is_over() {
    let config = Config {
        rate_limit: RateLimit {
            requests: 2,
            period: Duration::from_secs(600),
        },
        kept: 1,
        ..Config::default()
    };
    let running = Simulator::start(config).await.unwrap();
    let body = message("01012345678", "x");
    for expected in [202, 202, 429, 429] {
        let (status, body) = post(&running, &body).await.unwrap();
        assert_eq!(status, expected);
        if expected == 429 {
            assert_eq!(body["error"]["message"], "Rate Limited");
        }
    }
    assert_eq!(
        running.handle.messages().len(),
        1,
        "only the newest is kept"
    );
    running.handle.clock.move_by(TimeDelta::minutes(11));
    // The stand-in's clock is ahead now, so the client's has to be as well.
    let signer = Signer {
        millis: running.handle.clock.now().timestamp_millis(),
        ..Signer::default()
    };
    let request = signer.request(&running, Method::POST, "").json(&body);
    assert_eq!(answer(request).await.unwrap().0, 202);
}

#[tokio::test]
async fn people_and_tests_see_what_was_sent_and_markup_is_text() {
    let running = start().await;
    let evil = "<script>alert(1)</script>";
    for (to, text) in [
        ("01012345678", "first"),
        ("01099999999", evil),
        ("01012345678", "last"),
    ] {
        post(&running, &message(to, text)).await.unwrap();
    }
    let base = &running.base_url;
    let get = async |path: &str| client().get(format!("{base}{path}")).send().await.unwrap();
    let list: Value = get("/sms/messages?to=010-1234-5678")
        .await
        .json()
        .await
        .unwrap();
    let texts: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["content"])
        .collect();
    assert_eq!(texts, ["last", "first"]);
    assert_eq!(running.handle.messages_to("01099999999")[0].content, evil);

    let page = get("/sms").await;
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    let html = page.text().await.unwrap();
    assert!(html.contains("보낸 문자") && html.contains("&lt;script&gt;"));
    assert!(!html.contains("<script"));

    let clear = client().delete(format!("{base}/sms/messages"));
    assert_eq!(clear.send().await.unwrap().status(), 204);
    assert!(running.handle.messages().is_empty());
    assert!(get("/sms").await.text().await.unwrap().contains("아직"));
}
