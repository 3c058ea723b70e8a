//! The Slack stand-in over real connections: what it takes, what it refuses, and each of its faults.

use std::time::Duration;

use chrono::TimeDelta;
use reqwest::Response;
use serde_json::{Value, json};
use simulators::{
    faults::Network,
    slack::{Config, Fault, Operation, RateLimit, Running, Simulator, Wrong},
};

use crate::support::{chain, client, hasty_client};

async fn start() -> Running {
    Simulator::start(Config::default()).await.unwrap()
}

async fn post(url: &str, body: &Value) -> Response {
    client().post(url).json(body).send().await.unwrap()
}

/// Status and word of an answer.
async fn said(response: Response) -> (u16, String) {
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn a_message_is_shown_with_its_blocks_and_its_key() {
    let running = start().await;
    let body = json!({
        "text": "a &lt;b&gt; &amp; c",
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": "줄 &lt;script&gt;"}},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "작게"}]},
        ],
    });
    let request = client().post(&running.base_url).json(&body);
    let response = request.header("Idempotency-Key", "k-1").send().await;
    assert_eq!(said(response.unwrap()).await, (200, "ok".to_owned()));
    // As a form.
    let form = "payload=%7B%22text%22%3A%22plain%22%7D";
    let kind = "application/x-www-form-urlencoded";
    let request = client().post(&running.base_url).body(form);
    let response = request.header("content-type", kind).send().await.unwrap();
    assert_eq!(said(response).await, (200, "ok".to_owned()));

    let base = format!("http://{}", running.address);
    let list = format!("{base}/slack/messages");
    let listed: Value = client()
        .get(&list)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(listed[0]["text"], "plain");
    assert_eq!(listed[0]["idempotencyKey"], Value::Null);
    assert_eq!(listed[1]["text"], body["text"]);
    assert_eq!(listed[1]["blocks"], body["blocks"]);
    assert_eq!(listed[1]["idempotencyKey"], "k-1");
    let page = client().get(format!("{base}/slack")).send().await.unwrap();
    let page = page.text().await.unwrap();
    assert!(page.contains("줄 &lt;script&gt;<br>작게"), "{page}");
    assert!(page.contains("plain") && !page.contains("<script"));

    client().delete(&list).send().await.unwrap();
    assert!(running.handle.messages().is_empty());
    assert_eq!(running.handle.faults.requests(Operation::Post), 2);
    running.stop().await;
}

#[tokio::test]
async fn what_is_wrong_is_said_in_slacks_words() {
    let running = start().await;
    let base = format!("http://{}/services", running.address);
    let good = json!({"text": "a"});
    let token = Config::default().token;
    for (path, status, word) in [
        (format!("T1/B00000000/{token}"), 404, "no_team"),
        (format!("T00000000/B1/{token}"), 404, "no_service"),
        ("T00000000/B00000000/wrong".to_owned(), 403, "invalid_token"),
    ] {
        let found = said(post(&format!("{base}/{path}"), &good).await).await;
        assert_eq!(found, (status, word.to_owned()));
    }
    for (body, word) in [
        (json!({}), "no_text"),
        (json!("text"), "invalid_payload"),
        (json!({"text": "a", "blocks": [1]}), "invalid_blocks"),
    ] {
        let found = said(post(&running.base_url, &body).await).await;
        assert_eq!(found, (400, word.to_owned()));
    }
    let wrong = [
        (Wrong::InvalidPayload, 400, "invalid_payload"),
        (Wrong::ActionProhibited, 403, "action_prohibited"),
        (Wrong::NoService, 404, "no_service"),
        (Wrong::ChannelNotFound, 404, "channel_not_found"),
        (Wrong::ChannelIsArchived, 410, "channel_is_archived"),
        (Wrong::RollupError, 500, "rollup_error"),
    ];
    for (wrong, status, word) in wrong {
        running.handle.faults.add(Fault::answer(wrong).times(1));
        let found = said(post(&running.base_url, &good).await).await;
        assert_eq!(found, (status, word.to_owned()));
    }
    assert!(running.handle.messages().is_empty());
}

#[tokio::test]
async fn beyond_the_limit_it_stays_shut_as_long_as_it_says() {
    let rate_limit = RateLimit {
        messages: 2,
        period: Duration::from_secs(600),
        retry_after: 1_200,
    };
    let config = Config {
        rate_limit,
        ..Config::default()
    };
    let running = Simulator::start(config).await.unwrap();
    let good = json!({"text": "a"});
    for expected in [200, 200, 429, 429] {
        let response = post(&running.base_url, &good).await;
        assert_eq!(response.status(), expected);
        if expected == 429 {
            let after = response.headers()["retry-after"].to_str().unwrap();
            assert!((1_100..=1_200).contains(&after.parse::<u32>().unwrap()));
        }
    }
    // The stretch is over, but not what was said.
    running.handle.clock.move_by(TimeDelta::seconds(700));
    assert_eq!(post(&running.base_url, &good).await.status(), 429);
    running.handle.clock.move_by(TimeDelta::seconds(600));
    assert_eq!(post(&running.base_url, &good).await.status(), 200);
    assert_eq!(running.handle.messages().len(), 3);

    let fault = Fault::answer(Wrong::RateLimited { retry_after: 30 });
    running.handle.faults.add(fault.times(1));
    let response = post(&running.base_url, &good).await;
    assert_eq!(response.headers()["retry-after"], "30");
}

#[tokio::test]
async fn networks_and_what_stands_between_fail_as_they_do() {
    let running = start().await;
    let faults = &running.handle.faults;
    let good = json!({"text": "a"});
    let to = "http://127.0.0.1:9/elsewhere".to_owned();
    faults.add(Fault::answer(Wrong::Redirect { to: to.clone() }).times(1));
    let request = hasty_client().post(&running.base_url).json(&good);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 307);
    assert_eq!(response.headers()["location"], to.as_str());
    faults.add(Fault::network(Network::Reset).times(1));
    let request = client().post(&running.base_url).json(&good);
    let error = request.send().await.unwrap_err();
    assert!(error.is_request(), "{}", chain(&error));
    faults.add(Fault::network(Network::Stall).times(1));
    let request = hasty_client().post(&running.base_url).json(&good);
    assert!(request.send().await.unwrap_err().is_timeout());
    assert!(running.handle.messages().is_empty());

    // Shown, and nobody is told.
    faults.add(Fault::network(Network::LostAnswer).times(1));
    let request = client().post(&running.base_url).json(&good);
    assert!(request.send().await.is_err());
    assert_eq!(running.handle.messages().len(), 1);
    faults.add(Fault::answer(Wrong::Garbage).times(1));
    let response = post(&running.base_url, &good).await;
    assert_eq!(response.status(), 200);
    assert_ne!(response.text().await.unwrap(), "ok");
    assert_eq!(running.handle.messages().len(), 2);

    faults.add(Fault::answer(Wrong::LateAnswer { millis: 600_000 }).times(1));
    let request = hasty_client().post(&running.base_url).json(&good);
    assert!(request.send().await.unwrap_err().is_timeout());
    assert_eq!(running.handle.messages().len(), 3);

    // By the control endpoint, for tests in other processes.
    let fault = json!({
        "effect": {"answer": {"kind": "rate-limited", "retry_after": 7}},
        "scope": {"times": 1, "operation": "post"},
    });
    let url = format!("{}/faults", running.control_url());
    assert_eq!(post(&url, &fault).await.status(), 200);
    let response = post(&running.base_url, &good).await;
    assert_eq!(response.headers()["retry-after"], "7");
}
