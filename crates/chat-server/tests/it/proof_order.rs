//! Events of one socket are carried out one after the other.

use std::time::Duration;

use serde_json::json;

use crate::program::{Place, Program, UNLIMITED, on_both_places};
use crate::script::Script;

const PATIENCE: Duration = Duration::from_secs(300);
const EVENTS: usize = 5_000;

on_both_places!(
    five_thousand_at_once_over_websocket,
    five_thousand_at_once_over_polling,
);

fn five_thousand_at_once_over_websocket(place: &Place) {
    no_inversion(place, "websocket");
}

fn five_thousand_at_once_over_polling(place: &Place) {
    no_inversion(place, "polling");
}

fn no_inversion(place: &Place, transport: &str) {
    let program = Program::start(place, &UNLIMITED);
    let options = json!({"url": program.url(), "transports": [transport], "events": EVENTS});
    let Some(script) = Script::start("order.js", &options) else {
        return;
    };
    let done = script.until("done", PATIENCE);
    assert_eq!(done["breaks"], 0);
    assert_eq!(done["transport"], transport);
    let answers = done["answers"].as_array().unwrap();
    assert_eq!(answers.len(), EVENTS);
    let mut seqs = Vec::new();
    for (n, answer) in answers.iter().enumerate() {
        assert_eq!(answer["n"], n, "answered in the order of asking");
        assert_eq!(answer["ok"], true, "{answer}");
        seqs.extend(answer["seq"].as_i64());
    }
    assert_eq!(seqs.len(), EVENTS / 10);
    assert!(
        seqs.is_sorted_by(|one, next| one < next),
        "stored in the order of asking"
    );
}
