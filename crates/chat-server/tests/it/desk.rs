//! The desk's timers over both stores, with a clock of the test's.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use chat_server::desk::{Desk, DeskSettings};
use chat_server::hub::Hub;
use chat_server::settings::StoreSettings;
use chat_server::store::model::{ConversationId, Ended, State};
use chat_server::store::{Holiday, Store};
use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use tokio_util::sync::CancellationToken;

use crate::store_kit::{Kept, at, counsellor, guest, on_both_stores, says, visitor};

const LEASE: TimeDelta = TimeDelta::seconds(60);
/// Only failures wait so long.
const DEADLINE: Duration = Duration::from_secs(60);

on_both_stores!(
    a_silent_visitor_is_warned_then_closed,
    who_speaks_or_is_not_asked_is_left_alone,
    two_desks_close_once_and_only_after_their_own_warning,
    a_lost_counsellor_gives_it_back,
    somebody_is_called_after_a_long_wait,
    the_wait_is_reckoned_or_unknown,
    closed_days_count_without_a_restart,
    the_task_looks_and_stops,
);

fn desk(store: &Store) -> Desk {
    let clock = Arc::new(|| at(0).date_time());
    Desk::new(
        store.clone(),
        Hub::default(),
        clock,
        DeskSettings::default(),
    )
}

async fn live(store: &Store) -> ConversationId {
    let id = guest(store).await.id;
    store.request(id, None, at(0)).await.unwrap();
    let kim = counsellor("kim");
    // Its lease outlives the test.
    let lease = TimeDelta::hours(9);
    store.claim(id, kim, lease, at(0)).await.unwrap();
    id
}

async fn state(store: &Store, id: ConversationId) -> State {
    store.conversation(id).await.unwrap().unwrap().state
}

async fn a_silent_visitor_is_warned_then_closed(kept: Kept) {
    let store = &kept.store;
    let id = live(store).await;
    store.say(id, says("kim", "a")).await.unwrap();
    let mut desk = desk(store);
    for second in [0, 59, 60, 61, 119] {
        desk.look(at(second)).await.unwrap();
        assert_eq!(state(store, id).await, State::Live, "{second}");
    }
    let head = store.conversation(id).await.unwrap().unwrap();
    assert_eq!(head.last_seq, 1, "a warning is no message");
    desk.look(at(120)).await.unwrap();
    let head = store.conversation(id).await.unwrap().unwrap();
    assert_eq!(head.state, State::Closed);
    assert_eq!(head.ended, Some(Ended::Idle));
}

async fn who_speaks_or_is_not_asked_is_left_alone(kept: Kept) {
    let store = &kept.store;
    let (asked, silent) = (live(store).await, live(store).await);
    // The counsellor has to say the next word here.
    store.say(silent, visitor("v", "저기요")).await.unwrap();
    store.say(asked, says("kim", "a")).await.unwrap();
    let waiting = guest(store).await.id;
    store.request(waiting, None, at(0)).await.unwrap();
    let mut desk = desk(store);
    desk.look(at(60)).await.unwrap();
    // Warned, he speaks, and is asked anew.
    store.say(asked, visitor("b", "네")).await.unwrap();
    desk.look(at(121)).await.unwrap();
    store.say(asked, says("kim", "c")).await.unwrap();
    desk.look(at(122)).await.unwrap();
    desk.look(at(181)).await.unwrap();
    for id in [asked, silent] {
        assert_eq!(state(store, id).await, State::Live);
    }
    desk.look(at(182)).await.unwrap();
    assert_eq!(
        state(store, asked).await,
        State::Closed,
        "a minute after its own warning"
    );
    desk.look(at(9_000)).await.unwrap();
    assert_eq!(state(store, silent).await, State::Live);
    assert_eq!(state(store, waiting).await, State::Waiting);
}

async fn two_desks_close_once_and_only_after_their_own_warning(kept: Kept) {
    let store = &kept.store;
    let id = live(store).await;
    store.say(id, says("kim", "a")).await.unwrap();
    let other = kept.another().await;
    let (mut one, mut two) = (desk(store), desk(&other));
    one.look(at(60)).await.unwrap();
    // It was away, and warns before it closes.
    two.look(at(500)).await.unwrap();
    two.look(at(559)).await.unwrap();
    assert_eq!(state(store, id).await, State::Live);
    let (first, second) = tokio::join!(one.look(at(560)), two.look(at(560)));
    first.unwrap();
    second.unwrap();
    assert_eq!(state(store, id).await, State::Closed);
    assert_eq!(
        store.lengths(9, at(560)).await.unwrap(),
        [560],
        "ended once"
    );
    other.close().await;
}

async fn a_lost_counsellor_gives_it_back(kept: Kept) {
    let store = &kept.store;
    let id = guest(store).await.id;
    store.request(id, None, at(0)).await.unwrap();
    let kim = counsellor("kim");
    store.claim(id, kim, LEASE, at(0)).await.unwrap();
    let mut desk = desk(store);
    desk.look(at(59)).await.unwrap();
    assert_eq!(state(store, id).await, State::Live);
    desk.look(at(60)).await.unwrap();
    let head = store.conversation(id).await.unwrap().unwrap();
    assert_eq!((head.state, head.returned), (State::Waiting, true));
}

/// Nobody could give a sign of life, or answer, while the store was away.
#[tokio::test]
async fn after_an_outage_everybody_gets_his_time_again() {
    crate::store_kit::on_sqlite(async |kept: Kept| {
        let store = &kept.store;
        let (asked, lost) = (live(store).await, guest(store).await.id);
        store.say(asked, says("kim", "a")).await.unwrap();
        store.request(lost, None, at(0)).await.unwrap();
        let lee = counsellor("lee");
        store.claim(lost, lee, LEASE, at(50)).await.unwrap();
        let mut desk = desk(store);
        desk.look(at(60)).await.unwrap();

        let StoreSettings::Sqlite(file) = &kept.settings else {
            panic!("not a file");
        };
        let mut other = SqliteConnection::establish(&file.path().to_string_lossy()).unwrap();
        let hide = "ALTER TABLE conversations RENAME TO hidden";
        other.batch_execute(hide).unwrap();
        for second in [70, 115, 125] {
            assert!(desk.look(at(second)).await.is_err());
        }
        let show = "ALTER TABLE hidden RENAME TO conversations";
        other.batch_execute(show).unwrap();

        for second in [130, 189] {
            desk.look(at(second)).await.unwrap();
            for id in [asked, lost] {
                assert_eq!(state(store, id).await, State::Live, "{second}");
            }
        }
        desk.look(at(190)).await.unwrap();
        assert_eq!(state(store, lost).await, State::Waiting);
        assert_eq!(state(store, asked).await, State::Closed);
    })
    .await;
}

async fn somebody_is_called_after_a_long_wait(kept: Kept) {
    let store = &kept.store;
    let id = guest(store).await.id;
    store.request(id, None, at(0)).await.unwrap();
    let deliveries = async || store.conversation(id).await.unwrap().unwrap().outbox.len();
    let (mut one, mut two) = (desk(store), desk(store));
    one.look(at(299)).await.unwrap();
    assert_eq!(deliveries().await, 1);
    for second in [300, 301, 900] {
        one.look(at(second)).await.unwrap();
        two.look(at(second)).await.unwrap();
        assert_eq!(deliveries().await, 2, "once an episode");
    }
}

async fn the_wait_is_reckoned_or_unknown(kept: Kept) {
    let store = &kept.store;
    let mut desk = desk(store);
    let wait = desk.wait();
    for n in 0..3 {
        let id = live(store).await;
        store.say(id, says("kim", &format!("m{n}"))).await.unwrap();
        let closer = chat_server::store::model::Closer::Visitor;
        for repeated in [false, true] {
            let ended = store.end(id, closer.clone(), at(100)).await.unwrap();
            assert_eq!(ended.repeated, repeated);
        }
        desk.look(at(100)).await.unwrap();
        assert_eq!(wait.expected(1), None, "nobody is there");
    }
    assert_eq!(store.lengths(9, at(100)).await.unwrap(), [100, 100, 100]);
    let (kim, lee) = (counsellor("kim").id, counsellor("lee").id);
    store.note_present(&kim, at(200)).await.unwrap();
    kept.another()
        .await
        .note_present(&lee, at(300))
        .await
        .unwrap();
    desk.look(at(150)).await.unwrap();
    assert_eq!(wait.expected(4), Some(200), "two share four");
    desk.look(at(200)).await.unwrap();
    assert_eq!(wait.expected(4), Some(400), "one gave no sign of life");
    store.note_absent(&lee).await.unwrap();
    desk.look(at(201)).await.unwrap();
    assert_eq!(wait.expected(4), None);
}

async fn closed_days_count_without_a_restart(kept: Kept) {
    let store = &kept.store;
    let mut desk = desk(store);
    let hours = desk.hours();
    // A Monday at 14:00 in Seoul; holidays of so late a year aren't known.
    assert_eq!(at(0).date_time().to_rfc3339(), "2099-03-02T05:00:00+00:00");
    assert!(hours.at(at(0)).open);
    let day = Holiday {
        date: "2099-03-02".parse().unwrap(),
        name: "임시공휴일".to_owned(),
    };
    store.put_holiday(&day, at(0)).await.unwrap();
    desk.look(at(0)).await.unwrap();
    assert!(!hours.at(at(0)).open);
    let tuesday = Some("2099-03-03T05:00:00Z".parse().unwrap());
    assert_eq!(hours.at(at(0)).opens_at, tuesday);
    assert!(store.remove_holiday(day.date).await.unwrap());
    desk.look(at(0)).await.unwrap();
    assert!(hours.at(at(0)).open);
}

async fn the_task_looks_and_stops(kept: Kept) {
    let store = &kept.store;
    let id = guest(store).await.id;
    store.request(id, None, at(0)).await.unwrap();
    let kim = counsellor("kim");
    store.claim(id, kim, LEASE, at(0)).await.unwrap();
    let second = Arc::new(AtomicI64::new(0));
    let clock = {
        let second = Arc::clone(&second);
        Arc::new(move || at(second.load(Ordering::SeqCst)).date_time())
    };
    let desk = Desk::new(
        store.clone(),
        Hub::default(),
        clock,
        DeskSettings::default(),
    );
    let stop = CancellationToken::new();
    let task = tokio::spawn(desk.run(stop.clone()));
    let start = Instant::now();
    // A lease after its start it begins to take counsellors for lost.
    while state(store, id).await != State::Waiting {
        second.fetch_add(61, Ordering::SeqCst);
        assert!(start.elapsed() < DEADLINE, "never returned");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop.cancel();
    tokio::time::timeout(DEADLINE, task).await.unwrap().unwrap();
}
