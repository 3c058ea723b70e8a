//! What other instances have changed. They share nothing with this one but the store, so it is asked: by the names of
//! the conversations that are followed here, for their versions.

use std::time::Duration;

use super::Hub;
use crate::store::model::{Changed, ConversationId, State};
use crate::store::{MOST_ROWS, Store, StoreError};

/// Pause between two looks: what others say is told within two seconds.
const EVERY: Duration = Duration::from_secs(1);

/// Looks for ever.
pub(super) async fn watch(hub: &Hub, store: &Store) {
    loop {
        tokio::time::sleep(EVERY).await;
        if let Err(error) = look(hub, store).await {
            // Told by the store's own watch; the next look finds the same.
            tracing::debug!(%error, "what others have changed can't be read");
        }
    }
}

async fn look(hub: &Hub, store: &Store) -> Result<(), StoreError> {
    let followed = followed(hub);
    let at_once = usize::try_from(MOST_ROWS).unwrap_or(1);
    for some in followed.chunks(at_once) {
        let ids: Vec<ConversationId> = some.iter().map(|(id, _)| *id).collect();
        let versions = store.versions(ids).await?;
        for (id, known) in some {
            if versions.get(id).is_some_and(|version| version > known) {
                tell(hub, store, *id).await?;
            }
        }
    }
    Ok(())
}

/// Conversations that somebody here has been answered of, and the version that was told.
fn followed(hub: &Hub) -> Vec<(ConversationId, i64)> {
    hub.with(|registry| {
        let rooms = registry.rooms.iter();
        let begun = rooms.filter(|(_, room)| room.next.is_some());
        begun.map(|(id, room)| (*id, room.version)).collect()
    })
}

/// Tells what has changed; the messages are a hole to those who follow, and are read for them.
async fn tell(hub: &Hub, store: &Store, id: ConversationId) -> Result<(), StoreError> {
    let Some(head) = store.conversation(id).await? else {
        return Ok(());
    };
    if head.sealed.is_some() {
        hub.sealed(&head);
        return Ok(());
    }
    let waits = head.state == State::Waiting;
    hub.changed(&Changed {
        conversation: head,
        message: None,
        repeated: true,
        delivery: None,
    });
    if waits {
        hub.0.queue.notify_one();
    }
    Ok(())
}
