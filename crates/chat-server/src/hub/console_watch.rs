//! Keeps counsellors' conversations while they are here, and their consoles true.
//!
//! Consoles are compared with the store: after each change of this instance, and twice a second, since other
//! instances change it as well. Nothing is read while no console is open.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::clock::Clock;
use serde_json::{Value, json};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::console::{Console, Watcher};
use super::{Hub, console_views, views};
use crate::store::model::{Changed, Conversation, ConversationId, Moment, StaffId, State};
use crate::store::{Colleague, MOST_ROWS, Store, StoreError, Which};

/// Most entries of a list that is shown.
const LISTED: i64 = 100;
/// Pause between two looks.
const LOOK: Duration = Duration::from_millis(500);
/// Least pause: many changes at once are told as one.
const LEAST: Duration = Duration::from_millis(100);
/// Pause while the store is away.
const AWAY: Duration = Duration::from_secs(1);

/// What a console shows.
pub(crate) struct Shown {
    /// Payload of `console:queue`.
    pub(crate) queue: Value,
    /// Payload of `console:presence`.
    pub(crate) colleagues: Value,
    /// The counsellor's conversations.
    pub(crate) mine: Vec<ConversationId>,
}

/// Works until `stop`.
pub(crate) async fn run(
    console: Console,
    hub: Hub,
    store: Store,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) {
    let told = console.clone();
    hub.on_change(Arc::new(move |_| told.moved()));
    let work = async {
        loop {
            if tokio::time::timeout(LOOK, console.until_moved())
                .await
                .is_ok()
            {
                tokio::time::sleep(LEAST).await;
            }
            let now = Moment::from(clock.now());
            let looked = async {
                keep(&console, &store, now).await?;
                show(&console, &hub, &store, now).await
            };
            if let Err(error) = looked.await {
                tracing::debug!(%error, "the consoles can't be kept");
                tokio::time::sleep(AWAY).await;
            }
        }
    };
    tokio::select! {
        () = work => {}
        () = stop.cancelled() => {}
    }
}

impl Console {
    /// A sign of life: a counsellor keeps his conversations for another lease, and colleagues know of him.
    ///
    /// # Errors
    /// When the store fails; then it is due again at once.
    pub(crate) async fn beat(
        &self,
        store: &Store,
        colleague: &Colleague,
        now: Moment,
    ) -> Result<(), StoreError> {
        let staff = &colleague.counsellor.id;
        let started = Instant::now();
        let until = now.plus(self.lease());
        store.renew(staff, self.lease(), now).await?;
        // What waits are reckoned from.
        if colleague.available {
            store.note_present(staff, until).await?;
        } else {
            store.note_absent(staff).await?;
        }
        store
            .note_colleague(self.instance(), colleague, until)
            .await?;
        self.beaten(staff, started);
        Ok(())
    }

    /// What a counsellor's console shows, and his conversations.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn look(
        &self,
        store: &Store,
        staff: &StaffId,
        now: Moment,
    ) -> Result<(Shown, Vec<Conversation>), StoreError> {
        let mine = store.conversations(Which::HeldBy(staff.clone()), MOST_ROWS);
        let mine = mine.await?;
        let shown = Shown {
            queue: queue(store).await?,
            colleagues: console_views::colleagues(&store.colleagues(now).await?),
            mine: mine.iter().map(|head| head.id).collect(),
        };
        Ok((shown, mine))
    }
}

/// Prolongs what the counsellors hold who are here. Who has just gone keeps it for a last lease, so that he may come
/// back in time.
async fn keep(console: &Console, store: &Store, now: Moment) -> Result<(), StoreError> {
    for staff in console.prune() {
        store.renew(&staff, console.lease(), now).await?;
        store.note_absent(&staff).await?;
        store.forget_colleague(console.instance(), &staff).await?;
        console.left(&staff);
    }
    for colleague in console.due(Instant::now()) {
        console.beat(store, &colleague, now).await?;
    }
    Ok(())
}

/// Tells every open console what has changed.
async fn show(console: &Console, hub: &Hub, store: &Store, now: Moment) -> Result<(), StoreError> {
    let watchers = console.watchers();
    if watchers.is_empty() {
        return Ok(());
    }
    let queue = queue(store).await?;
    let colleagues = console_views::colleagues(&store.colleagues(now).await?);
    let mut held: HashMap<StaffId, Vec<Conversation>> = HashMap::new();
    for watcher in &watchers {
        for event in console.show(watcher.key, &queue, &colleagues) {
            let data = if event == "console:queue" {
                &queue
            } else {
                &colleagues
            };
            hub.push_to(watcher.key, event, data);
        }
        if !held.contains_key(&watcher.staff) {
            let which = Which::HeldBy(watcher.staff.clone());
            let heads = store.conversations(which, MOST_ROWS).await?;
            for head in &heads {
                tell_followers(hub, head);
            }
            held.insert(watcher.staff.clone(), heads);
        }
        let mine = held.get(&watcher.staff).map(Vec::as_slice);
        show_mine(console, hub, store, watcher, mine.unwrap_or_default()).await?;
    }
    Ok(())
}

/// Tells what another instance may have done to a conversation.
fn tell_followers(hub: &Hub, head: &Conversation) {
    hub.changed(&Changed {
        conversation: head.clone(),
        message: None,
        repeated: true,
        delivery: None,
    });
}

async fn show_mine(
    console: &Console,
    hub: &Hub,
    store: &Store,
    watcher: &Watcher,
    mine: &[Conversation],
) -> Result<(), StoreError> {
    let key = watcher.key;
    for head in mine {
        if console.is_new(key, head.id, hub.follows(key, head.id)) {
            let summary = console_views::summary(head);
            let data = json!({"conversationId": head.id, "assigned": summary});
            hub.push_to(key, "console:conversation", &data);
        }
    }
    for id in &watcher.mine {
        if mine.iter().any(|head| head.id == *id) {
            continue;
        }
        let head = store.conversation(*id).await?;
        // Given back meanwhile: the next look finds it.
        if head
            .as_ref()
            .is_some_and(|head| head.is_held_by(&watcher.staff))
        {
            continue;
        }
        hub.leave(key, *id);
        if console.release(key, *id) {
            let data = json!({"conversationId": id, "released": after(head.as_ref())});
            hub.push_to(key, "console:conversation", &data);
        }
    }
    Ok(())
}

/// What became of a conversation, for whom it isn't any more.
fn after(head: Option<&Conversation>) -> Value {
    match head.filter(|head| head.sealed.is_none()) {
        Some(head) => Value::Object(views::state(head, None)),
        None => json!({"state": State::Closed}),
    }
}

async fn queue(store: &Store) -> Result<Value, StoreError> {
    let waiting = store.conversations(Which::Waiting, LISTED).await?;
    let length = store.waiting().await?;
    let left = store.conversations(Which::Unanswered, LISTED).await?;
    Ok(console_views::queue(&waiting, length, &left))
}
