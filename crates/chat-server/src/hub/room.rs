//! Who follows one conversation, and what they are to be told in which order.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::session::SessionKey;
use crate::store::model::{Message, Seq};

/// Messages that wait for one before them; beyond that they are read again from the store.
const MOST_PENDING: usize = 500;

/// What one socket has been told.
#[derive(Debug)]
pub(super) enum Progress {
    /// It is being answered with what there is; what comes meanwhile waits.
    Held(Vec<Told>),
    /// Everything up to this number by its answer, and everything after it by pushes.
    From(Seq),
}

/// A message on its way, and who knows it already.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) message: Message,
    pub(super) except: Vec<SessionKey>,
}

/// The sockets that follow a conversation on this server.
#[derive(Debug, Default)]
pub(super) struct Room {
    pub(super) members: HashMap<SessionKey, Progress>,
    /// The message that is to be told next; `None` until somebody has been answered.
    pub(super) next: Option<Seq>,
    pending: BTreeMap<Seq, Told>,
    /// Version of the conversation whose state was told.
    pub(super) version: i64,
    /// Version of the conversation whose counsellor was looked at.
    pub(super) holder_version: i64,
    /// The state that was told.
    pub(super) shown: Map<String, Value>,
    /// Whether it waits for a counsellor, as far as is known here: then places are told.
    pub(super) waits: bool,
    /// How far the visitor and the counsellors have read.
    pub(super) read: (Seq, Seq),
}

impl Room {
    /// A message was stored. Its number decides when it is told.
    pub(super) fn add(&mut self, told: Told) {
        let seq = told.message.seq;
        if self.next.is_none_or(|next| seq >= next) {
            // Who sent it again has its answer by now.
            let except = told.except.clone();
            let known = self.pending.entry(seq).or_insert(told);
            known.except.extend(except);
        }
        // The last ones go: those before them are needed first.
        while self.pending.len() > MOST_PENDING {
            self.pending.pop_last();
        }
    }

    /// What can be told now, in order and without holes.
    pub(super) fn ready(&mut self) -> Vec<Told> {
        let mut ready = Vec::new();
        while let Some(next) = self.next {
            let Some(told) = self.pending.remove(&next) else {
                break;
            };
            self.next = Some(next.saturating_add(1));
            ready.push(told);
        }
        ready
    }

    /// Begins after a number, where it hasn't begun.
    pub(super) fn begin(&mut self, last_seq: Seq) {
        if self.next.is_none() {
            let next = last_seq.saturating_add(1);
            self.next = Some(next);
            self.pending = self.pending.split_off(&next);
        }
    }

    /// What was deleted before it could be told isn't waited for.
    pub(super) fn skip_to(&mut self, seq: Seq) {
        self.next = self.next.map(|next| next.max(seq));
        if let Some(next) = self.next {
            self.pending = self.pending.split_off(&next);
        }
    }

    /// Whether a message is missing that is stored.
    pub(super) fn has_hole(&self, last_seq: Seq) -> bool {
        self.next.is_some_and(|next| last_seq >= next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::model::{MessageId, Moment, Speaker};

    fn told(seq: Seq) -> Told {
        let message = Message {
            seq,
            id: MessageId::random(),
            key: format!("v/{seq}"),
            from: Speaker::Visitor,
            staff: None,
            text: "안녕".parse().expect("a text"),
            links: Vec::new(),
            quick_replies: Vec::new(),
            sent_at: Moment::from_millis(0),
            purge_at: None,
        };
        Told {
            message,
            except: Vec::new(),
        }
    }

    fn seqs(room: &mut Room) -> Vec<Seq> {
        room.ready().iter().map(|told| told.message.seq).collect()
    }

    #[test]
    fn tells_in_order_whatever_comes_first() {
        let mut room = Room::default();
        room.add(told(5));
        assert!(seqs(&mut room).is_empty(), "nobody has been answered");
        room.begin(3);
        assert!(seqs(&mut room).is_empty(), "4 is missing");
        assert!(room.has_hole(5));
        room.add(told(7));
        room.add(told(4));
        room.add(told(4));
        assert_eq!(seqs(&mut room), [4, 5]);
        room.add(told(5));
        room.add(told(6));
        assert_eq!(seqs(&mut room), [6, 7]);
        assert!(!room.has_hole(7));
    }

    #[test]
    fn a_message_sent_again_is_told_to_neither_sender() {
        let mut room = Room::default();
        room.begin(1);
        let by = |key| Told {
            except: vec![key],
            ..told(3)
        };
        room.add(by(7));
        room.add(by(8));
        room.add(told(2));
        let ready = room.ready();
        let except = ready.iter().find(|told| told.message.seq == 3);
        let except = &except.expect("told").except;
        assert!(except.contains(&7) && except.contains(&8), "{except:?}");
    }

    #[test]
    fn forgets_what_the_answer_told_and_what_was_deleted() {
        let mut room = Room::default();
        room.add(told(2));
        room.begin(2);
        assert!(seqs(&mut room).is_empty());
        room.add(told(9));
        room.skip_to(9);
        assert_eq!(seqs(&mut room), [9]);
        room.begin(1);
        assert_eq!(room.next, Some(10));
    }
}
