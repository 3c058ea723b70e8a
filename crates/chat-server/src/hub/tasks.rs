//! What the hub does by itself: it ends sockets whose proof is over, closes holes, tells who waits how the queue
//! moves, and looks for what other instances have changed.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use domain::clock::Clock;
use tokio_util::sync::CancellationToken;

use super::ending::finish;
use super::registry::Connected;
use super::room::Told;
use super::telling::show;
use super::{End, Hub, SessionKey, others, views};
use crate::gateway::Answers;
use crate::store::model::{Conversation, ConversationId, Moment, Seq};
use crate::store::{MOST_ROWS, Place, Span, Store, StoreError, Which};

/// Pause between two looks at the clock: sockets end within a second of their proof.
const LOOK: Duration = Duration::from_millis(250);
/// How long a message may come late before it is read from the store.
const PATIENCE: Duration = Duration::from_millis(150);
/// Pause while the store is away.
const AWAY: Duration = Duration::from_secs(1);
/// Pause between two looks at the queue while somebody waits here: another instance may have moved it.
const QUEUE: Duration = Duration::from_secs(2);
/// Least pause between two looks: many moves at once are told as one.
const QUEUE_LEAST: Duration = Duration::from_millis(100);

/// Works until `stop`.
pub(crate) async fn run(
    hub: Hub,
    store: Store,
    answers: Arc<dyn Answers>,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) {
    let work = async {
        tokio::join!(
            watch_expiry(&hub, &*clock),
            fill_holes(&hub, &store, &*clock),
            tell_queue(&hub, &store, &*answers),
            others::watch(&hub, &store),
        )
    };
    tokio::select! {
        _ = work => {}
        () = stop.cancelled() => {}
    }
}

async fn watch_expiry(hub: &Hub, clock: &dyn Clock) {
    loop {
        tokio::time::sleep(LOOK).await;
        let now = clock.now();
        let over: Vec<Connected> = hub.with(|registry| {
            let all = registry.connected.values();
            let keys: Vec<SessionKey> = all
                .filter(|one| one.session.is_over(now))
                .map(|one| one.session.key)
                .collect();
            keys.iter()
                .filter_map(|key| registry.remove(*key))
                .collect()
        });
        for one in &over {
            finish(one, End::Expired);
        }
    }
}

async fn fill_holes(hub: &Hub, store: &Store, clock: &dyn Clock) {
    loop {
        hub.0.torn.notified().await;
        tokio::time::sleep(PATIENCE).await;
        let holes =
            std::mem::take(&mut *hub.0.holes.lock().unwrap_or_else(PoisonError::into_inner));
        for id in holes {
            let now = Moment::from(clock.now());
            if let Err(error) = fill(hub, store, id, now).await {
                tracing::debug!(%error, "messages that others stored can't be read");
                hub.tear(id);
                tokio::time::sleep(AWAY).await;
            }
        }
    }
}

/// Reads what is missing until nothing is.
async fn fill(hub: &Hub, store: &Store, id: ConversationId, now: Moment) -> Result<(), StoreError> {
    let Some(head) = store.conversation(id).await? else {
        return Ok(());
    };
    loop {
        let next: Option<Seq> = hub.with(|registry| registry.rooms.get(&id)?.next);
        let Some(next) = next.filter(|next| *next <= head.last_seq) else {
            return Ok(());
        };
        let span = Span::After(next.saturating_sub(1));
        let found = store.replay(&head, span, MOST_ROWS, now).await?.messages;
        hub.with(|registry| {
            registry.keep_holder(&head);
            let told: Vec<Told> = found
                .into_iter()
                .map(|message| Told {
                    except: registry.senders(id, &message.key),
                    message,
                })
                .collect();
            if let Some(room) = registry.rooms.get_mut(&id) {
                // Numbers have no holes but where retention has cut from the front.
                let beyond = head.last_seq.saturating_add(1);
                room.skip_to(told.first().map_or(beyond, |told| told.message.seq));
                told.into_iter().for_each(|told| room.add(told));
            }
            registry.flush(id);
        });
    }
}

async fn tell_queue(hub: &Hub, store: &Store, answers: &dyn Answers) {
    loop {
        let moved = hub.0.queue.notified();
        if tokio::time::timeout(QUEUE, moved).await.is_err() && waiting(hub).is_empty() {
            continue;
        }
        if let Err(error) = tell_places(hub, store, answers).await {
            tracing::debug!(%error, "the queue can't be read");
            tokio::time::sleep(AWAY).await;
        }
        tokio::time::sleep(QUEUE_LEAST).await;
    }
}

/// Conversations of here that wait, as far as is known.
fn waiting(hub: &Hub) -> Vec<ConversationId> {
    hub.with(|registry| {
        let rooms = registry.rooms.iter();
        rooms
            .filter(|(_, room)| room.waits)
            .map(|(id, _)| *id)
            .collect()
    })
}

async fn tell_places(hub: &Hub, store: &Store, answers: &dyn Answers) -> Result<(), StoreError> {
    let queue = store.conversations(Which::Waiting, MOST_ROWS).await?;
    let length = i64::try_from(queue.len()).unwrap_or(i64::MAX);
    let mut left = waiting(hub);
    for (position, head) in (1_i64..).zip(&queue) {
        left.retain(|id| *id != head.id);
        let place = Place {
            position,
            waiting: length,
        };
        tell_place(hub, head, Some(place), answers);
    }
    // Behind the first ones, or taken out of the queue by another instance.
    for id in left {
        if let Some(head) = store.conversation(id).await? {
            let place = store.place(&head).await?;
            tell_place(hub, &head, place, answers);
        }
    }
    Ok(())
}

fn tell_place(hub: &Hub, head: &Conversation, place: Option<Place>, answers: &dyn Answers) {
    let place = place.map(|place| (place, answers.expected_wait_seconds(place.position)));
    let view = views::state(head, place);
    hub.with(|registry| show(registry, head, view));
}
