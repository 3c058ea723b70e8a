//! Each fault of the SENS stand-in, over real connections.

use chrono::TimeDelta;
use reqwest::Method;
use simulators::sms::{Fault, Operation, Running, Status, Wrong};

use crate::{
    sms_support::{Signer, answer, get, message, post, start},
    support::{chain, client},
};
use simulators::faults::Network;

async fn send(running: &Running) -> (u16, serde_json::Value) {
    let (status, body) = post(running, &message("01012345678", "x")).await.unwrap();
    (status.as_u16(), body)
}

#[tokio::test]
async fn errors_come_in_the_gateways_form() {
    let running = start().await;
    let faults = &running.handle.faults;
    faults.add(Fault::answer(Wrong::RateLimited).times(1));
    assert_eq!(send(&running).await.0, 429);
    faults.add(Fault::answer(Wrong::Unauthorized).times(1));
    assert_eq!(send(&running).await.0, 401);
    for (status, code) in [(500, "900"), (503, "500"), (504, "510")] {
        let network = Network::Status {
            status,
            retry_after: Some(7),
        };
        faults.add(Fault::network(network).times(1));
        let request = Signer::default().request(&running, Method::POST, "");
        let response = request
            .json(&message("01012345678", "x"))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["retry-after"], "7");
        let body: serde_json::Value = response.json().await.unwrap();
        assert_eq!(body["error"]["errorCode"], code);
    }
    assert!(running.handle.messages().is_empty());
    assert_eq!(send(&running).await.0, 202);
}

#[tokio::test]
async fn an_answer_is_lost_after_the_message_was_accepted() {
    let running = start().await;
    running
        .handle
        .faults
        .add(Fault::network(Network::LostAnswer).times(1));
    let error = post(&running, &message("01012345678", "x"))
        .await
        .unwrap_err();
    assert!(error.is_request(), "{}", chain(&error));
    assert_eq!(running.handle.messages().len(), 1);
    running
        .handle
        .faults
        .add(Fault::network(Network::Reset).times(1));
    assert!(post(&running, &message("01012345678", "x")).await.is_err());
    assert_eq!(
        running.handle.messages().len(),
        1,
        "a reset carries nothing out"
    );
}

#[tokio::test]
async fn accepted_is_not_delivered() {
    let running = start().await;
    let failing = Wrong::DeliveryFails {
        code: "3018".to_owned(),
    };
    running
        .handle
        .faults
        .add(Fault::answer(failing).on(Operation::Send).times(1));
    assert_eq!(send(&running).await.0, 202);
    running
        .handle
        .faults
        .add(Fault::answer(Wrong::NeverCompletes).times(1));
    assert_eq!(send(&running).await.0, 202);
    running.handle.clock.move_by(TimeDelta::minutes(4));
    let messages = running.handle.messages();
    let now = running.handle.clock.now();
    assert_eq!(messages[0].status(now), Status::Processing);
    let (_, failed) = get(&running, &format!("/{}", messages[1].message_id)).await;
    let failed = &failed["messages"][0];
    assert_eq!(
        (&failed["status"], &failed["statusName"]),
        (&"COMPLETED".into(), &"fail".into())
    );
    assert_eq!(failed["statusCode"], "3018");
    let (_, stuck) = get(&running, &format!("/{}", messages[0].message_id)).await;
    assert_eq!(stuck["messages"][0]["status"], "PROCESSING");
}

#[tokio::test]
async fn polling_has_faults_of_its_own() {
    let running = start().await;
    send(&running).await;
    let id = running.handle.messages()[0].message_id.clone();
    let faults = &running.handle.faults;
    let path = format!("/{id}");
    for (wrong, expected) in [
        (Wrong::RateLimited, 429),
        (Wrong::Unauthorized, 401),
        (Wrong::Garbage, 200),
    ] {
        faults.add(Fault::answer(wrong).on(Operation::FindMessage).times(1));
        let (status, body) = get(&running, &path).await;
        assert_eq!(status, expected);
        assert_eq!(body.is_string(), expected == 200, "{body}");
    }
    assert!(get(&running, &path).await.1["messages"][0]["status"].is_string());
    faults.add(Fault::answer(Wrong::Garbage).on(Operation::Send).times(1));
    let (status, body) = send(&running).await;
    assert!(status == 202 && body.is_string());
}

#[tokio::test]
async fn faults_and_clock_are_set_from_outside() {
    let running = start().await;
    let control = running.control_url();
    let fault = serde_json::json!({"effect": {"answer": {"kind": "delivery-fails", "code": "3001"}},
        "scope": {"operation": "send", "times": 1}});
    let set = client().post(format!("{control}/faults")).json(&fault);
    let (status, set) = answer(set).await.unwrap();
    assert_eq!(status, 200);
    assert_eq!(set["effect"], fault["effect"]);
    send(&running).await;
    assert_eq!(
        running.handle.messages()[0].failure.as_deref(),
        Some("3001")
    );
    let gone = format!("{control}/faults/{}", set["id"]);
    for expected in [204, 404] {
        assert_eq!(
            client().delete(&gone).send().await.unwrap().status(),
            expected
        );
    }
    let unknown = serde_json::json!({"effect": {"answer": {"kind": "earthquake"}}});
    let refused = client().post(format!("{control}/faults")).json(&unknown);
    assert_eq!(answer(refused).await.unwrap().0, 422);
    let before = running.handle.clock.now();
    let moved = client()
        .post(format!("{control}/clock"))
        .json(&serde_json::json!({"seconds": 3600}));
    assert_eq!(answer(moved).await.unwrap().0, 200);
    assert!(running.handle.clock.now() - before >= TimeDelta::hours(1));
    let counters = client().get(format!("{control}/counters"));
    assert_eq!(
        answer(counters).await.unwrap().1,
        serde_json::json!({"send": 1})
    );
    let health = client().get(format!("{control}/health"));
    assert_eq!(health.send().await.unwrap().status(), 204);
}
