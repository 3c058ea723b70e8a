//! What Slack is told, over real connections to a stand-in that fails as the real one does.

use std::time::Duration;

use chat_server::notify::{Pace, TOPICS};
use chat_server::store::Store;
use chat_server::store::model::{Attempt, Author, Draft, Rules, Subject};
use chrono::TimeDelta;
use simulators::faults::Network;
use simulators::slack::{Config, Fault, Operation, RateLimit, Wrong};

use crate::notify_kit::{
    Notifying, ask, ask_often, fast, ids, now, slack, unlimited, until, until_all_is_told,
};
use crate::store_kit::{Kept, at, guest, key, on_both_stores};

on_both_stores!(
    every_request_arrives_through_all_that_fails,
    nobody_sends_before_slack_wants_to_hear,
    what_slack_refuses_is_a_dead_letter_until_sent_again,
    what_fails_too_often_is_given_up,
    nothing_private_is_told,
    turns_of_all_instances_are_apart,
    without_a_webhook_nothing_piles_up,
    dead_letters_never_keep_anybody_from_asking,
    a_stopped_notifier_leaves_the_rest_to_others,
);

/// Two instances, and whatever a network and Slack can do.
async fn every_request_arrives_through_all_that_fails(kept: Kept) {
    let slack = slack(unlimited()).await;
    let wrong = [
        Fault::answer(Wrong::RateLimited { retry_after: 1 }).times(3),
        Fault::answer(Wrong::RollupError).skip(2).times(3),
        Fault::answer(Wrong::Garbage).skip(3).times(1),
        Fault::network(Network::Status {
            status: 503,
            retry_after: Some(1),
        })
        .skip(4)
        .times(1),
        Fault::network(Network::Status {
            status: 502,
            retry_after: None,
        })
        .skip(6)
        .times(2),
        Fault::network(Network::Reset).skip(10).times(1),
        Fault::network(Network::LostAnswer).skip(12).times(2),
        Fault::network(Network::Stall).skip(15).times(2),
    ];
    for fault in wrong {
        slack.handle.faults.add(fault);
    }
    let mut asked = ask_often(&kept.store, 10).await;
    let other = kept.another().await;
    let instances = [
        Notifying::start(&kept.store, &slack, fast()),
        Notifying::start(&other, &slack, fast()),
    ];
    asked.extend(ask_often(&kept.store, 10).await);
    until_all_is_told(&kept.store).await;
    for instance in instances {
        instance.stop().await;
    }
    let messages = slack.handle.messages();
    assert_eq!(ids(&messages), asked);
    // Those whose answer was lost came again, under the same id.
    assert!(messages.len() > asked.len());
    assert!(kept.store.dead_letters(9).await.unwrap().is_empty());
}

/// The stand-in stays shut until what it said is over: who goes on trying is counted.
async fn nobody_sends_before_slack_wants_to_hear(kept: Kept) {
    let rate_limit = RateLimit {
        messages: 4,
        period: Duration::from_secs(2),
        retry_after: 2,
    };
    let config = Config {
        rate_limit,
        ..Config::default()
    };
    let slack = slack(config).await;
    let asked = ask_often(&kept.store, 10).await;
    // A 429 is no attempt: with this pace the first one would be the last.
    let pace = Pace {
        most_attempts: 1,
        ..fast()
    };
    let other = kept.another().await;
    let instances = [
        Notifying::start(&kept.store, &slack, pace),
        Notifying::start(&other, &slack, pace),
    ];
    until_all_is_told(&kept.store).await;
    for instance in instances {
        instance.stop().await;
    }
    let messages = slack.handle.messages();
    assert_eq!(ids(&messages), asked);
    assert_eq!(messages.len(), asked.len(), "nothing twice");
    let posts = slack.handle.faults.requests(Operation::Post);
    let refused = posts - u64::try_from(messages.len()).unwrap();
    // Shut at most three times, and each instance may run into it once. At this pace it would be
    // a hundred times if they didn't wait.
    assert!((1..=6).contains(&refused), "{refused} refused");
}

async fn what_slack_refuses_is_a_dead_letter_until_sent_again(kept: Kept) {
    let elsewhere = slack(unlimited()).await;
    let slack = slack(unlimited()).await;
    let to = elsewhere.base_url.clone();
    let refusals = [
        (Wrong::InvalidPayload, "invalid_payload"),
        (Wrong::ActionProhibited, "action_prohibited"),
        (Wrong::NoService, "no_service"),
        (Wrong::ChannelNotFound, "channel_not_found"),
        (Wrong::ChannelIsArchived, "channel_is_archived"),
        (Wrong::Redirect { to }, "redirected"),
    ];
    let notifying = Notifying::start(&kept.store, &slack, fast());
    let mut asked = std::collections::BTreeSet::new();
    for (wrong, reason) in refusals {
        slack.handle.faults.add(Fault::answer(wrong).times(1));
        let (of, id) = ask(&kept.store, None).await;
        until(reason, async || {
            let dead = kept.store.dead_letters(99).await.unwrap();
            dead.iter().any(|(conversation, one)| {
                *conversation == of
                    && one.id.to_string() == id
                    && one.attempts == 1
                    && one.failure.as_deref() == Some(reason)
            })
        })
        .await;
        asked.insert(id);
    }
    assert!(slack.handle.messages().is_empty());
    for (of, one) in kept.store.dead_letters(99).await.unwrap() {
        kept.store.resend(of, one.id, now()).await.unwrap();
    }
    until_all_is_told(&kept.store).await;
    assert_eq!(ids(&slack.handle.messages()), asked);
    assert!(kept.store.dead_letters(99).await.unwrap().is_empty());
    // A redirect would have carried it to whoever answered.
    assert_eq!(elsewhere.handle.faults.requests(Operation::Post), 0);
    notifying.stop().await;
}

async fn what_fails_too_often_is_given_up(kept: Kept) {
    let slack = slack(unlimited()).await;
    let fault = Fault::answer(Wrong::RollupError);
    slack.handle.faults.add(fault);
    let (of, id) = ask(&kept.store, None).await;
    let pace = Pace {
        most_attempts: 3,
        ..fast()
    };
    let notifying = Notifying::start(&kept.store, &slack, pace);
    until("it is given up", async || {
        !kept.store.dead_letters(9).await.unwrap().is_empty()
    })
    .await;
    let (dead_of, dead) = kept.store.dead_letters(9).await.unwrap().remove(0);
    assert_eq!((dead_of, dead.attempts), (of, 3));
    assert_eq!(dead.failure.as_deref(), Some("status_500"));
    assert_eq!(slack.handle.faults.requests(Operation::Post), 3);
    assert_eq!(kept.store.backlog().await.unwrap().dead, 1);
    slack.handle.faults.clear();
    kept.store.resend(of, dead.id, now()).await.unwrap();
    until_all_is_told(&kept.store).await;
    assert!(ids(&slack.handle.messages()).contains(&id));
    assert_eq!(kept.store.backlog().await.unwrap().dead, 0);
    notifying.stop().await;
}

async fn nothing_private_is_told(kept: Kept) {
    let store = &kept.store;
    let slack = slack(unlimited()).await;
    let (typed, _) = ask(store, Some("홍길동 010-1234-5678 <!channel>")).await;
    let (chosen, _) = ask(store, Some(TOPICS[1])).await;
    let left = guest(store).await.id;
    let text = "비밀스러운 문장".parse().unwrap();
    let draft = Draft::new(Author::Visitor, key("a"), text, now());
    let topic = Some("몰래 적은 주제".parse().unwrap());
    store.leave(left, draft, topic).await.unwrap();
    let escalated = store.escalate(TimeDelta::zero(), now()).await.unwrap();
    assert_eq!(escalated.len(), 2);
    let notifying = Notifying::start(store, &slack, fast());
    until_all_is_told(store).await;
    notifying.stop().await;

    let messages = slack.handle.messages();
    assert_eq!(messages.len(), 5);
    let about = |id: chat_server::store::model::ConversationId| {
        let number = id.number();
        let whole = messages
            .iter()
            .map(|one| format!("{} {}", one.text, one.blocks));
        let texts: Vec<String> = whole.filter(|text| text.contains(&number)).collect();
        texts
    };
    assert_eq!(about(typed).len(), 2);
    assert_eq!(about(left).len(), 1);
    assert!(about(chosen).iter().all(|text| text.contains(TOPICS[1])));
    assert!(
        about(typed)
            .iter()
            .any(|text| text.contains("오래 기다리는"))
    );
    assert!(about(left)[0].contains("남긴 문의"));
    for message in &messages {
        let all = format!("{} {}", message.text, message.blocks);
        for private in ["홍길동", "010-1234", "channel", "비밀", "몰래"] {
            assert!(!all.contains(private), "{private} in {all}");
        }
        for id in [typed, chosen, left] {
            assert!(!all.contains(&id.to_string()));
        }
    }
}

async fn turns_of_all_instances_are_apart(kept: Kept) {
    let gap = TimeDelta::seconds(1);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let store = kept.another().await;
        tasks.spawn(async move { store.sending_turn(gap, at(0)).await.unwrap().unwrap() });
    }
    let mut turns = tasks.join_all().await;
    turns.sort_unstable();
    let expected: Vec<_> = (1..=20).map(at).collect();
    assert_eq!(turns, expected);
    // All waits are known to all, until they are over.
    kept.store.hold_sending(at(30)).await.unwrap();
    let other = kept.another().await;
    assert_eq!(other.sending_held(at(29)).await.unwrap(), Some(at(30)));
    assert_eq!(other.sending_held(at(30)).await.unwrap(), None);
}

async fn without_a_webhook_nothing_piles_up(kept: Kept) {
    let (before, _) = ask(&kept.store, None).await;
    let rules = Rules {
        notify: false,
        ..Rules::default()
    };
    let quiet = Store::open(&kept.settings, rules).await.unwrap();
    let id = guest(&quiet).await.id;
    for _ in 0..3 {
        quiet.request(id, None, now()).await.unwrap();
        quiet.escalate(TimeDelta::zero(), now()).await.unwrap();
        quiet.cancel(id, now()).await.unwrap();
    }
    let head = quiet.conversation(id).await.unwrap().unwrap();
    assert!(head.outbox.is_empty());
    // What was written while there was a webhook waits for one.
    let head = quiet.conversation(before).await.unwrap().unwrap();
    let told: Vec<_> = head.outbox.iter().map(|one| one.subject).collect();
    assert_eq!(told, [Subject::Requested]);
}

async fn dead_letters_never_keep_anybody_from_asking(kept: Kept) {
    let store = &kept.store;
    let id = guest(store).await.id;
    let give_up = Attempt::Failed {
        reason: "no_service",
        again_in: TimeDelta::zero(),
        most: 1,
    };
    for n in 0..55 {
        let asked = store.request(id, None, at(n)).await.unwrap();
        let newest = asked.conversation.outbox.last().unwrap().id;
        let taken = store.next_delivery(TimeDelta::seconds(9), at(n)).await;
        assert_eq!(taken.unwrap().unwrap().1.id, newest);
        store
            .report(id, newest, give_up.clone(), at(n))
            .await
            .unwrap();
        store.cancel(id, at(n)).await.unwrap();
    }
    let head = store.conversation(id).await.unwrap().unwrap();
    assert_eq!(head.outbox.len(), 50);
    assert_eq!(head.outbox[0].created_at, at(5), "the oldest made room");
    assert_eq!(store.backlog().await.unwrap().dead, 50);
}

async fn a_stopped_notifier_leaves_the_rest_to_others(kept: Kept) {
    let slack = slack(unlimited()).await;
    let slow = Fault::network(Network::Delay { millis: 300 });
    slack.handle.faults.add(slow);
    let asked = ask_often(&kept.store, 6).await;
    let first = Notifying::start(&kept.store, &slack, fast());
    until("the first message is on its way", async || {
        slack.handle.faults.requests(Operation::Post) >= 1
    })
    .await;
    // What was begun is finished.
    first.stop().await;
    let told = slack.handle.messages().len();
    assert!((1..6).contains(&told), "{told}");
    assert_eq!(kept.store.backlog().await.unwrap().waiting, 6 - told);
    let second = Notifying::start(&kept.store, &slack, fast());
    until_all_is_told(&kept.store).await;
    second.stop().await;
    let messages = slack.handle.messages();
    assert_eq!((ids(&messages), messages.len()), (asked, 6));
}
