//! Events of one socket, one after the other.
//!
//! The library starts a task for each event, and then they overtake each other. Here they go into one bounded queue
//! with one worker; a full queue is answered at once. The library calls [`Inbox`] from the connection's own task, in
//! the order in which packets come.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use serde_json::{Map, Value};
use socketioxide::adapter::LocalAdapter;
use socketioxide::extract::{AckSender, SocketRef};
use socketioxide::handler::{FromMessageParts, MessageHandler, Value as Packet};
use socketioxide::socket::Socket;
use tokio::sync::mpsc;

use super::House;
use super::answering::Question;
use super::call::{Call, Reply, Then};
use super::events;
use super::failure::Failure;
use crate::hub::Session;

/// Longest time between the door and the hub; a client that was lost there is never heard.
const ENTRY: Duration = Duration::from_secs(10);

/// An event that waits.
struct Job {
    packet: Packet,
    socket: SocketRef,
    ack: AckSender,
}

/// Takes all events of a socket. The worker ends when it is gone.
pub(super) struct Inbox {
    house: Arc<House>,
    session: Arc<Session>,
    jobs: mpsc::Sender<Job>,
}

/// Of a type that no function has: the library's own handlers keep theirs.
pub(super) struct Queued;

impl Inbox {
    /// An inbox and its worker.
    pub(super) fn open(house: &Arc<House>, session: &Arc<Session>) -> Self {
        let (jobs, queue) = mpsc::channel(house.limits.socket_queue);
        let questions = super::answering::open(house);
        let worker = Worker {
            house: Arc::clone(house),
            session: Arc::clone(session),
            questions,
        };
        tokio::spawn(worker.run(queue));
        Self {
            house: Arc::clone(house),
            session: Arc::clone(session),
            jobs,
        }
    }
}

impl MessageHandler<LocalAdapter, Queued> for Inbox {
    fn call(&self, socket: Arc<Socket<LocalAdapter>>, mut packet: Packet, id: Option<i64>) {
        let Ok(ack) = AckSender::from_message_parts(&socket, &mut packet, &id);
        let socket = SocketRef::from(socket);
        if self.session.ended.is_cancelled() {
            return;
        }
        let job = Job {
            packet,
            socket,
            ack,
        };
        if let Err(refused) = self.jobs.try_send(job) {
            let job = refused.into_inner();
            count("?", Err(&Failure::busy()));
            acknowledge(
                &self.house,
                &self.session,
                &job.socket,
                job.ack,
                &Failure::busy().into_ack(),
            );
        }
    }
}

struct Worker {
    house: Arc<House>,
    session: Arc<Session>,
    questions: mpsc::Sender<Question>,
}

impl Worker {
    async fn run(self, mut queue: mpsc::Receiver<Job>) {
        while let Some(job) = queue.recv().await {
            // What a client says at once waits until the hub knows it: else it would follow nothing.
            let entered = tokio::time::timeout(ENTRY, self.session.entered.cancelled());
            if entered.await.is_err() || self.session.ended.is_cancelled() {
                return;
            }
            let Job {
                packet,
                socket,
                ack,
            } = job;
            // What a handler has left half done is its own: the conversation is changed by the store alone.
            let work = AssertUnwindSafe(self.carry_out(&packet)).catch_unwind();
            let result = work.await.unwrap_or_else(|_| Err(Failure::internal()));
            drop(packet);
            let (ack_data, then) = match result {
                Ok(reply) => reply.into_ack(),
                Err(failure) => (failure.into_ack(), Vec::new()),
            };
            acknowledge(&self.house, &self.session, &socket, ack, &ack_data);
            for next in then {
                self.follow_up(next);
            }
            self.session.set_sending(None);
        }
    }

    async fn carry_out(&self, packet: &Packet) -> Result<Reply, Failure> {
        let (name, data) = read(packet)?;
        let Some(event) = events::find(&name) else {
            metrics::counter!("chat_unknown_events_total").increment(1);
            return Err(Failure::unknown_event());
        };
        let result = async {
            let call = Call::new(&self.house, &self.session, data?, event)?;
            (event.run)(call).await
        };
        let result = result.await;
        count(event.name, result.as_ref().map(|_| ()));
        result
    }

    /// What has to wait until the client has its answer, so that it sees everything in order.
    fn follow_up(&self, next: Then) {
        let hub = &self.house.hub;
        match next {
            Then::Changed(changed) => hub.changed(&changed),
            Then::Release(head, last_seq) => hub.release(self.session.key, &head, last_seq),
            Then::Console(shown) => self.house.console.open(&self.session, *shown),
            Then::Ask(question) => {
                // What finds no place is asked again when the conversation is opened again.
                if self.questions.try_send(question).is_err() {
                    tracing::debug!("the bot has too much to answer");
                }
            }
            Then::EndPerson(person, end) => {
                hub.end_person(&person, end);
            }
        }
    }
}

/// Answers an event that asked for it. Who can't take an answer must not believe that it still has a connection.
fn acknowledge(house: &House, session: &Session, socket: &SocketRef, ack: AckSender, data: &Value) {
    if let Err(error) = ack.send(data) {
        tracing::debug!(%error, "an acknowledgement could not be queued");
        house.hub.cut(session, socket);
    }
}

fn count(event: &'static str, result: Result<(), &Failure>) {
    let outcome = match result {
        Ok(()) => "ok",
        Err(failure) => failure.code(),
    };
    metrics::counter!("chat_events_total", "event" => event, "outcome" => outcome).increment(1);
}

/// The name of an event and its payload. A payload that can't be used is told only to an event that exists.
fn read(packet: &Packet) -> Result<(String, Result<Value, Failure>), Failure> {
    let Packet::Str(text, binary) = packet else {
        return Err(Failure::invalid(None));
    };
    let name_of = |list: &[Value]| list.first().and_then(Value::as_str).map(str::to_owned);
    let mut list: Vec<Value> = match serde_json::from_str(text.as_str()) {
        Ok(list) => list,
        Err(_) => return Err(Failure::invalid(None)),
    };
    let name = name_of(&list).ok_or_else(|| Failure::invalid(None))?;
    let has_binary = binary.as_ref().is_some_and(|parts| !parts.is_empty());
    let data = match list.len() {
        _ if has_binary => Err(Failure::new("binary", "파일은 보낼 수 없어요.")),
        1 => Ok(Value::Object(Map::new())),
        2 => match list.pop() {
            Some(object @ Value::Object(_)) => Ok(object),
            _ => Err(Failure::invalid(None)),
        },
        _ => Err(Failure::invalid(None)),
    };
    Ok((name, data))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Result<(String, Result<Value, Failure>), Failure> {
        read(&Packet::Str(text.to_owned().into(), None))
    }

    #[test]
    fn reads_a_name_and_at_most_one_object() {
        let (name, data) = text(r#"["typing",{"on":true}]"#).expect("an event");
        assert_eq!(
            (name.as_str(), data.expect("data")["on"].as_bool()),
            ("typing", Some(true))
        );
        let (_, data) = text(r#"["typing"]"#).expect("an event");
        assert_eq!(data.expect("none"), Value::Object(Map::new()));
        for bad in [
            r#"["typing",1]"#,
            r#"["typing",null]"#,
            r#"["typing",{},{}]"#,
            r#"["typing",[]]"#,
        ] {
            assert!(text(bad).expect("an event").1.is_err(), "{bad}");
        }
        for bad in ["[]", "[1]", "{}", "", "[\"x\",", &"[".repeat(50_000)] {
            assert!(text(bad).is_err());
        }
    }

    #[test]
    fn takes_nothing_binary() {
        let parts = Some(vec![b"x".to_vec().into()].into());
        let packet = Packet::Str(r#"["typing",{"_placeholder":true,"num":0}]"#.into(), parts);
        assert_eq!(
            read(&packet)
                .expect("an event")
                .1
                .expect_err("binary")
                .code(),
            "binary"
        );
    }
}
