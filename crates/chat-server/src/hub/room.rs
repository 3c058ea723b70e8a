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
    /// Everything up to this number, by its answer or by pushes.
    UpTo(Seq),
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
    fn ready(&mut self) -> Vec<Told> {
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

    /// What can be told now, and to whom, in order: nobody is told what he knows.
    pub(super) fn deliver(&mut self) -> Vec<(SessionKey, Told)> {
        let mut out = Vec::new();
        for told in self.ready() {
            let seq = told.message.seq;
            for (key, progress) in &mut self.members {
                match progress {
                    Progress::Held(held) => held.push(told.clone()),
                    Progress::UpTo(known) if seq > *known => {
                        *known = seq;
                        if !told.except.contains(key) {
                            out.push((*key, told.clone()));
                        }
                    }
                    Progress::UpTo(_) => {}
                }
            }
        }
        out
    }

    /// The answer of a join was sent and told everything up to a number; the rest is to be delivered. Where two
    /// join at once, one may have been answered with less than the room has begun with: then the room goes back,
    /// and this gives that messages have to be read again.
    pub(super) fn release(&mut self, key: SessionKey, last_seq: Seq) -> bool {
        let next = last_seq.saturating_add(1);
        let Some(progress) = self.members.get_mut(&key) else {
            return false;
        };
        let before = std::mem::replace(progress, Progress::UpTo(last_seq));
        if self.next.is_none() {
            self.pending = self.pending.split_off(&next);
        }
        let begun = self.next.unwrap_or(next);
        self.next = Some(begun.min(next));
        if let Progress::Held(held) = before {
            held.into_iter().for_each(|told| self.add(told));
        }
        (next..begun).any(|seq| !self.pending.contains_key(&seq))
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

    /// A first member, who is told everything after a number and leaves.
    fn begin(room: &mut Room, last_seq: Seq) {
        room.members.insert(0, Progress::Held(Vec::new()));
        room.release(0, last_seq);
        room.members.remove(&0);
    }

    fn delivered(room: &mut Room) -> Vec<(SessionKey, Seq)> {
        let told = room.deliver();
        let mut told: Vec<_> = told
            .iter()
            .map(|(key, told)| (*key, told.message.seq))
            .collect();
        told.sort_unstable();
        told
    }

    fn seqs(room: &mut Room) -> Vec<Seq> {
        room.ready().iter().map(|told| told.message.seq).collect()
    }

    #[test]
    fn tells_in_order_whatever_comes_first() {
        let mut room = Room::default();
        room.add(told(5));
        assert!(seqs(&mut room).is_empty(), "nobody has been answered");
        begin(&mut room, 3);
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
        begin(&mut room, 1);
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
        begin(&mut room, 2);
        assert!(seqs(&mut room).is_empty());
        room.add(told(9));
        room.skip_to(9);
        assert_eq!(seqs(&mut room), [9]);
    }

    #[test]
    fn who_was_answered_with_less_lacks_nothing() {
        let mut room = Room::default();
        room.members.insert(1, Progress::Held(Vec::new()));
        room.members.insert(2, Progress::Held(Vec::new()));
        assert!(!room.release(2, 6), "the first to be answered");
        room.add(told(7));
        assert_eq!(delivered(&mut room), [(2, 7)]);
        // Read before 5 and 6 were stored; 7 came while it was on its way.
        assert!(room.release(1, 4), "5 and 6 are to be read again");
        assert!(delivered(&mut room).is_empty(), "they come before 7");
        assert!(room.has_hole(7));
        room.add(told(5));
        room.add(told(6));
        room.add(told(8));
        assert_eq!(
            delivered(&mut room),
            [(1, 5), (1, 6), (1, 7), (1, 8), (2, 8)]
        );
    }

    #[test]
    fn what_came_while_it_was_answered_is_told_after_it() {
        let mut room = Room::default();
        begin(&mut room, 1);
        room.members.insert(1, Progress::Held(Vec::new()));
        room.add(told(2));
        room.add(told(3));
        assert!(delivered(&mut room).is_empty());
        assert!(!room.release(1, 2), "what waited is enough");
        assert_eq!(delivered(&mut room), [(1, 3)]);
        assert!(!room.release(9, 3), "who has left");
    }
}
