//! The limits that everybody has: over them is an answer that says when to try again.

use std::time::Duration;

use serde_json::{Value, json};

use crate::program::{Place, Program};
use crate::script::Script;

const PATIENCE: Duration = Duration::from_secs(180);

/// On one store: counts are kept in memory, and a minute is long.
#[test]
fn hurry_is_answered_with_a_time_to_wait() {
    let place = Place::sqlite();
    let program = Program::start(&place, &[]);
    let Some(script) = Script::start("limits.js", &json!({"url": program.url()})) else {
        return;
    };
    let done = script.until("done", PATIENCE);
    assert_eq!(done["breaks"], 0);
    assert_eq!(done["long"]["code"], "text_too_long");
    assert_eq!(done["fits"]["ok"], true, "2,000 characters");

    let burst = done["burst"].as_array().unwrap();
    let taken = burst.iter().filter(|one| one["ok"] == true).count();
    // With the one before them five; more only where three seconds were over in between.
    assert!((4..=9).contains(&taken), "five in three seconds: {burst:?}");
    let waits = refusals(burst);
    assert_eq!(waits.len(), burst.len() - taken);
    assert!(waits.iter().all(|wait| (1..=3_000).contains(wait)));
    assert_eq!(done["patient"]["ok"], true, "after as long as it was told");

    let minute = done["minute"].as_array().unwrap();
    let taken = taken + 2 + minute.iter().filter(|one| one["ok"] == true).count();
    assert!((60..=90).contains(&taken), "sixty in a minute: {taken}");
    let waits = refusals(minute);
    let last = waits.last().unwrap();
    assert!((3_001..=60_000).contains(last), "{last}");
}

/// How long each refusal asks to wait, in milliseconds.
fn refusals(answers: &[Value]) -> Vec<u64> {
    let refused = answers.iter().filter(|one| one["ok"] == false);
    refused
        .map(|one| {
            assert_eq!(one["code"], "rate_limited");
            assert!(!one["message"].as_str().unwrap().is_empty());
            one["retryAfterMs"].as_u64().expect("a time to wait")
        })
        .collect()
}
