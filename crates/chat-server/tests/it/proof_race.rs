//! Many counsellors race for the same conversations: each gets one owner, and the others are told who.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chat_server::store::Store;
use chat_server::store::model::{ConversationId, GuestId, Moment, Person, State};
use domain::account::Role;
use serde_json::json;
use tokio::task::JoinSet;

use crate::console_kit;
use crate::program::{Place, Program, UNLIMITED, on_both_places, runtime};
use crate::script::Script;
use crate::visitor_kit::Signer;

const PATIENCE: Duration = Duration::from_secs(300);
const COUNSELLORS: usize = 200;
const CONVERSATIONS: usize = 500;
/// How many want each conversation.
const RIVALS: usize = 10;

on_both_places!(two_hundred_counsellors_race_for_five_hundred_conversations);

fn two_hundred_counsellors_race_for_five_hundred_conversations(place: &Place) {
    let store = place.store();
    let waiting = runtime().block_on(queue(&store));
    let keys = Signer::of_tests().jwks();
    let settings = [("ACCESS_PUBLIC_KEYS", keys.as_str())];
    let program = Program::start(place, &[&settings[..], &UNLIMITED].concat());
    let tokens: Vec<_> = (0..COUNSELLORS)
        .map(|number| console_kit::token(&format!("staff-{number}"), Role::Counsellor))
        .map(|auth| auth["token"].clone())
        .collect();
    let mut wanted = vec![Vec::new(); COUNSELLORS];
    for (at, id) in waiting.iter().enumerate() {
        for rival in 0..RIVALS {
            // In the same order for all, so that they meet; other rivals each time.
            wanted[(at * 7 + rival * 19) % COUNSELLORS].push(id.to_string());
        }
    }
    let options = json!({"url": program.url(), "tokens": tokens, "wanted": wanted});
    let Some(mut script) = Script::start("race.js", &options) else {
        return;
    };
    script.until("ready", PATIENCE);
    script.order("claim");
    let done = script.until("done", PATIENCE);

    let mut winners = BTreeMap::new();
    let mut told: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for counsellor in done["counsellors"].as_array().unwrap() {
        assert_eq!(counsellor["breaks"], 0);
        let own = counsellor["id"].as_str().unwrap();
        for claim in counsellor["claims"].as_array().unwrap() {
            let id = claim["conversationId"].as_str().unwrap().to_owned();
            if claim["ok"] == true {
                assert_eq!(claim["state"], "live");
                let other = winners.insert(id, own.to_owned());
                assert_eq!(other, None, "a second owner");
            } else {
                assert_eq!(claim["code"], "already_claimed", "{claim}");
                assert!(!claim["by"]["name"].as_str().unwrap().is_empty());
                let by = claim["by"]["id"].as_str().unwrap().to_owned();
                told.entry(id).or_default().insert(by);
            }
        }
    }
    assert_eq!(winners.len(), CONVERSATIONS, "an owner each");
    for (id, winner) in winners {
        let told = told.remove(&id).unwrap_or_default();
        assert_eq!(
            told,
            BTreeSet::from([winner.clone()]),
            "the losers are told who"
        );
        let id = id.parse().unwrap();
        let head = runtime().block_on(store.conversation(id)).unwrap().unwrap();
        assert_eq!(head.state, State::Live);
        let owner = head.counsellor.map(|owner| String::from(owner.id));
        assert_eq!(owner, Some(winner));
    }
}

/// Guests who wait for a counsellor, whatever the time of day.
async fn queue(store: &Store) -> Vec<ConversationId> {
    let mut guests = JoinSet::new();
    for _ in 0..CONVERSATIONS {
        let store = store.clone();
        guests.spawn(async move {
            let now = Moment::from(chrono::Utc::now());
            let person = Person::Guest(GuestId::random());
            let id = store.open_conversation(person, now).await.unwrap().id;
            store.request(id, None, now).await.unwrap();
            id
        });
    }
    guests.join_all().await
}
