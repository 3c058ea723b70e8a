//! Nothing lost, nothing twice, in order, whatever breaks: sent = stored = received.

use std::time::Duration;

use chat_server::store::model::{Message, Moment, Speaker};
use serde_json::{Value, json};
use test_kit::CutProxy;

use crate::program::{Place, Program, UNLIMITED, on_both_places, runtime, url};
use crate::script::Script;
use crate::store_kit::{all_at, seqs};

/// For the next step forward, on a slow machine.
const PATIENCE: Duration = Duration::from_secs(120);
const PEOPLE: usize = 5;
const DEVICES: usize = 4;
const MESSAGES: usize = 500;

on_both_places!(ten_thousand_messages_survive_cuts_and_kills);

fn ten_thousand_messages_survive_cuts_and_kills(place: &Place) {
    let mut program = Program::start(place, &UNLIMITED);
    let proxy = CutProxy::start(program.address()).unwrap();
    let options = json!({
        "url": url(proxy.port()),
        "people": vec![Value::Null; PEOPLE],
        "messages": MESSAGES,
        "transports": [["websocket"], ["polling", "websocket"], ["websocket"], ["polling"]],
    });
    let Some(mut script) = Script::start("talk.js", &options) else {
        return;
    };
    let ready = script.until("ready", PATIENCE);
    // Some talk to the bot, who answers each message; the others wait for a counsellor.
    for id in ready["conversations"].as_array().unwrap().iter().skip(2) {
        let (store, id) = (place.store(), id.as_str().unwrap().parse().unwrap());
        let now = Moment::from(chrono::Utc::now());
        runtime().block_on(store.request(id, None, now)).unwrap();
    }
    script.order("write");
    let total = PEOPLE * DEVICES * MESSAGES;
    let kills = [total / 5, total / 2, total * 4 / 5];
    let mut kills = kills
        .map(|at| u64::try_from(at).unwrap())
        .into_iter()
        .peekable();
    let mut random = fastrand::Rng::with_seed(5);
    let mut acknowledged = 0;
    let done = loop {
        match script.within(PATIENCE) {
            Some(event) if event["event"] == "done" => break event,
            Some(event) => acknowledged = event["acknowledged"].as_u64().unwrap(),
            None => panic!(
                "{acknowledged} of {total} acknowledged, and nothing more:\n{}",
                program.server.log_tail(20)
            ),
        }
        if kills.next_if(|at| acknowledged >= *at).is_some() {
            program.server.restart().unwrap();
            program.server.wait_until_ready(PATIENCE).unwrap();
        }
        disturb(&proxy, &mut random);
    };
    assert_eq!(kills.next(), None, "every kill came in mid-chat");
    program.server.kill().unwrap();
    let breaks = judge(place, &done, MESSAGES);
    assert!(breaks > 60, "the proxy cut: {breaks}");
}

/// Cuts, or not, at any point of what comes next. As often on a slow machine: it is called with each step forward, and
/// what is cut too often never ends.
fn disturb(proxy: &CutProxy, random: &mut fastrand::Rng) {
    std::thread::sleep(Duration::from_millis(random.u64(0..40)));
    match random.u8(0..100) {
        0 => proxy.cut(),
        1..30 => proxy.cut_one(random.usize(..)),
        _ => {}
    }
}

/// Asserts that what every device sent was stored once and received by each, in order; gives how often connections broke.
pub(crate) fn judge(place: &Place, done: &Value, messages: usize) -> u64 {
    let store = place.store();
    let mut breaks = 0;
    for devices in done["people"].as_array().unwrap() {
        let devices = devices.as_array().unwrap();
        let id = devices[0]["conversation"]["id"].as_str().unwrap();
        let now = Moment::from(chrono::Utc::now());
        let stored = runtime().block_on(all_at(&store, id.parse().unwrap(), now));
        let count = i64::try_from(stored.len()).unwrap();
        assert_eq!(seqs(&stored), (1..=count).collect::<Vec<_>>());
        let visitors = stored.iter().filter(|one| one.from == Speaker::Visitor);
        assert_eq!(visitors.count(), devices.len() * messages, "stored = sent");
        let faulty = devices.iter().map(|device| &device["faults"]);
        let faulty: Vec<&Value> = faulty.collect();
        let none = vec![json!([]); devices.len()];
        assert!(
            faulty.iter().copied().eq(&none),
            "{faulty:#?} of {}",
            missing(&faulty, &stored)
        );
        for device in devices {
            assert_eq!(device["conversation"]["id"], id);
            stored_as_sent(device, &stored, messages);
            received_as_stored(device, &stored);
            breaks += device["breaks"].as_u64().unwrap();
        }
    }
    breaks
}

/// The messages that faults name, for whoever reads them.
fn missing(faults: &[&Value], stored: &[Message]) -> String {
    let text = serde_json::to_string(faults).unwrap_or_default();
    let named = stored
        .iter()
        .filter(|one| text.contains(&format!(" {} is missing", one.seq)));
    let named = named.map(|one| {
        format!(
            "{}: {:?} {} {}",
            one.seq,
            one.from,
            one.key,
            one.text.as_str()
        )
    });
    named.collect::<Vec<_>>().join(", ")
}

/// Each message has the place that its acknowledgement named, and no place is taken by two.
fn stored_as_sent(device: &Value, stored: &[Message], messages: usize) {
    let sent = device["sent"].as_array().unwrap();
    assert_eq!(sent.len(), messages);
    let mut last = 0;
    for one in sent {
        let seq = one["seq"].as_i64().unwrap();
        assert!(seq > last, "{seq} after {last}");
        last = seq;
        let kept = &stored[usize::try_from(seq).unwrap() - 1];
        assert_eq!(kept.text.as_str(), one["text"].as_str().unwrap());
        assert_eq!(kept.from, Speaker::Visitor);
    }
}

/// The device has everything up to its last message and nothing else. The bot's last words may still have been on their
/// way.
fn received_as_stored(device: &Value, stored: &[Message]) {
    let received = device["messages"].as_array().unwrap();
    let whole = usize::try_from(device["last"].as_u64().unwrap()).unwrap();
    assert_eq!(received.len(), whole, "without a hole");
    let last_sent = stored.iter().rposition(|one| one.from == Speaker::Visitor);
    assert!(whole > last_sent.unwrap(), "everything that was sent");
    for (one, kept) in received.iter().zip(stored) {
        assert_eq!(one["seq"].as_i64().unwrap(), kept.seq);
        assert_eq!(one["text"].as_str().unwrap(), kept.text.as_str());
        assert_eq!(one["id"].as_str().unwrap(), kept.id.to_string());
    }
}
