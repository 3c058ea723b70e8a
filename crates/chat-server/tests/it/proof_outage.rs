//! The store stopped for half a minute in mid-chat: clients are told, nothing is lost or doubled, and it goes on without
//! a restart.

use std::cell::RefCell;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use serde_json::{Value, json};

use crate::program::{Place, Program, UNLIMITED};
use crate::proof_talk::judge;
use crate::script::Script;

const PATIENCE: Duration = Duration::from_secs(300);
/// How long the store is away.
const OUTAGE: Duration = Duration::from_secs(30);
const PEOPLE: usize = 4;
const MESSAGES: usize = 60;

/// Side by side: each does nothing for most of its time.
#[test]
fn every_store_may_be_away_for_half_a_minute() {
    std::thread::scope(|scope| {
        scope.spawn(a_file_locked_by_another_process);
        scope.spawn(a_mongodb_that_stands_still);
        scope.spawn(a_killed_mongodb);
    });
}

fn a_file_locked_by_another_process() {
    let place = Place::sqlite();
    let lock = || {
        let mut other = SqliteConnection::establish(&place.file()).unwrap();
        // The server writes just now.
        other
            .batch_execute("PRAGMA busy_timeout = 60000; BEGIN EXCLUSIVE")
            .unwrap();
        other
    };
    outlives(&place, lock, |mut other| {
        other.batch_execute("ROLLBACK").unwrap();
    });
}

fn a_mongodb_that_stands_still() {
    if let Some((place, mongo)) = Place::own_mongodb() {
        outlives(
            &place,
            || mongo.pause().unwrap(),
            |()| mongo.resume().unwrap(),
        );
    }
}

fn a_killed_mongodb() {
    if let Some((place, mongo)) = Place::own_mongodb() {
        let mongo = RefCell::new(mongo);
        let kill = || mongo.borrow_mut().kill().unwrap();
        outlives(&place, kill, |()| mongo.borrow_mut().restart().unwrap());
    }
}

fn outlives<T>(place: &Place, stop: impl Fn() -> T, resume: impl Fn(T)) {
    let mut program = Program::start(place, &UNLIMITED);
    let pid = program.server.pid();
    let options = json!({
        "url": program.url(),
        "people": vec![Value::Null; PEOPLE],
        "messages": MESSAGES,
        "transports": [["websocket"], ["polling"]],
    });
    let Some(mut script) = Script::start("talk.js", &options) else {
        return;
    };
    script.until("ready", PATIENCE);
    script.order("write");
    script.until("acknowledged", PATIENCE);
    let stopped = stop();
    // Its length is the matter of this test.
    std::thread::sleep(OUTAGE);
    resume(stopped);
    let done = script.until("done", PATIENCE);
    assert_eq!(program.server.ended().unwrap(), None, "no restart");
    assert_eq!(program.server.pid(), pid);
    let end = program.server.stop(PATIENCE).unwrap();
    assert!(end.success(), "{end}");
    judge(place, &done, MESSAGES);
    for device in done["people"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|one| one.as_array().unwrap())
    {
        let refused = device["codes"]["store_unavailable"].as_u64();
        assert!(refused > Some(0), "told: {}", device["codes"]);
    }
}
