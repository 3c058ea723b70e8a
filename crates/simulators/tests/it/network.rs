//! What a network does: the same for every stand-in that has these faults, so one stands for all.

use std::time::{Duration, Instant};

use simulators::{
    faults::Network,
    oauth::{Config, Fault, Operation, Simulator},
};

use crate::support::{chain, client, hasty_client};

const DISCOVERY: &str = "/google/.well-known/openid-configuration";

#[tokio::test]
async fn answers_come_late_or_never() {
    let running = Simulator::start(Config::default()).await.unwrap();
    let url = format!("{}{DISCOVERY}", running.base_url);
    let faults = &running.handle.faults;
    let late = Network::Delay { millis: 300 };
    faults.add(Fault::network(late).on(Operation::GoogleDiscovery).times(1));
    let began = Instant::now();
    assert_eq!(client().get(&url).send().await.unwrap().status(), 200);
    assert!(began.elapsed() >= Duration::from_millis(300));

    faults.add(Fault::network(Network::Stall).times(1));
    let error = hasty_client().get(&url).send().await.unwrap_err();
    assert!(error.is_timeout(), "{}", chain(&error));

    faults.add(Fault::network(Network::Reset).times(1));
    let error = client().get(&url).send().await.unwrap_err();
    assert!(
        chain(&error).contains("reset") || error.is_request(),
        "{}",
        chain(&error)
    );

    let page = Network::Status {
        status: 200,
        retry_after: None,
    };
    faults.add(Fault::network(page).skip(1).times(1));
    assert_eq!(client().get(&url).send().await.unwrap().status(), 200);
    assert_eq!(client().get(&url).send().await.unwrap().status(), 500);
    assert_eq!(faults.requests(Operation::GoogleDiscovery), 5);
    running.stop().await;
}

#[tokio::test]
async fn a_stalled_request_does_not_keep_a_stand_in_from_stopping() {
    let running = Simulator::start(Config::default()).await.unwrap();
    running.handle.faults.add(Fault::network(Network::Stall));
    let url = format!("{}{DISCOVERY}", running.base_url);
    let stalled = tokio::spawn(client().get(url).send());
    let asked = || async { running.handle.faults.requests(Operation::GoogleDiscovery) == 1 };
    crate::support::eventually(asked).await;
    let began = Instant::now();
    running.stop().await;
    assert!(began.elapsed() < Duration::from_secs(10));
    assert!(stalled.await.unwrap().is_err());
}
