//! web-api is down: chat goes on, lets in who has a good token, and never asks for web-api.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use serde_json::json;

use crate::program::{Place, Program, UNLIMITED, on_both_places};
use crate::proof_talk::judge;
use crate::script::Script;
use crate::visitor_kit::Signer;

const MESSAGES: usize = 40;

on_both_places!(a_dead_web_api_is_not_noticed);

fn a_dead_web_api_is_not_noticed(place: &Place) {
    // All that web-api has left behind: its public keys.
    let keys = place.folder().join("access.jwks");
    fs::write(&keys, Signer::of_tests().jwks()).unwrap();
    let settings = [("ACCESS_KEYS_FILE", keys.to_str().unwrap())];
    let program = Program::start(place, &[&settings[..], &UNLIMITED].concat());
    talk(place, &program, ["first", "second"]);
    // Somebody comes after even those are gone, as with the volume that they were on.
    fs::remove_file(&keys).unwrap();
    talk(place, &program, ["third", "fourth"]);
}

/// Members talk, on two devices each; meanwhile the server has no connection of its own but to its store.
fn talk(place: &Place, program: &Program, members: [&str; 2]) {
    let token = |name: &&str| Signer::of_tests().member(name, &format!("session-{name}"));
    let people: Vec<String> = members.iter().map(token).collect();
    let options = json!({
        "url": program.url(),
        "people": people,
        "messages": MESSAGES,
        "transports": [["websocket"], ["polling"]],
    });
    let Some(mut script) = Script::start("talk.js", &options) else {
        return;
    };
    let mut called = BTreeSet::new();
    let mut order = Some("write");
    let done = loop {
        called.extend(program.calls());
        match script.within(Duration::from_millis(5)) {
            Some(event) if event["event"] == "done" => break event,
            Some(event) if event["event"] == "ready" => script.order(order.take().unwrap()),
            _ => {}
        }
    };
    assert_eq!(called, place.ports(), "ports that the server called");
    judge(place, &done, MESSAGES);
    for device in done["people"].as_array().unwrap() {
        assert_eq!(device[0]["refusals"], json!({}));
    }
}

#[test]
fn a_connection_out_is_seen() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let _stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    let called = crate::program::calls(std::process::id(), &[]);
    assert!(called.contains(&port), "{called:?}");
    let called = crate::program::calls(std::process::id(), &[port]);
    assert!(called.contains(&port), "by its remote end: {called:?}");
}
