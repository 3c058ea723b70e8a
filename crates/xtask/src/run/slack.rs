//! Slack's stand-in, so that a developer sees what counsellors are told.

use test_kit::server::Builder;

use crate::run::ports::Ports;

const WEBHOOK: &str = "SLACK_WEBHOOK_URL";

/// Points chat-server at the stand-in, unless the environment names a real webhook.
pub(super) fn at_stand_in(server: Builder, ports: &Ports) -> Builder {
    if is_real() {
        return server;
    }
    // As the stand-in has it by default.
    let path = "services/T00000000/B00000000/sampleSampleSampleSample";
    server.env(
        WEBHOOK,
        format!("http://127.0.0.1:{}/{path}", ports.simulator),
    )
}

/// Where to look for what counsellors are told.
pub(super) fn address(stand_ins: bool, ports: &Ports) -> String {
    if stand_ins && !is_real() {
        format!("http://127.0.0.1:{}/slack", ports.simulator)
    } else {
        format!("where {WEBHOOK} says; without it nobody is told")
    }
}

fn is_real() -> bool {
    std::env::var_os(WEBHOOK).is_some_and(|value| !value.is_empty())
}
