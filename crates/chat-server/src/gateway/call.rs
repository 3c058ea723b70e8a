//! What an event's handler is given, and what it gives back.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::House;
use super::answering::Question;
use super::failure::Failure;
use crate::hub::{End, Session, Shown};
use crate::identity::{Identity, Staff};
use crate::store::model::{Changed, Conversation, ConversationId, Moment, Person, Seq};

/// Who may send an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Somebody with a conversation of his own: a member or a guest.
    Visitor,
    /// A counsellor or an admin.
    Staff,
}

/// An event: its name, who may send it, and what it does.
pub(crate) struct Event {
    pub(crate) name: &'static str,
    pub(crate) needs: Needs,
    pub(crate) run: fn(Call) -> BoxFuture<'static, Result<Reply, Failure>>,
}

/// One event of a socket.
pub(crate) struct Call {
    pub(crate) house: Arc<House>,
    pub(crate) session: Arc<Session>,
    /// Who sends it, as of now.
    pub(crate) who: Identity,
    data: Value,
}

impl Call {
    /// Lets an event in, or says why not.
    pub(super) fn new(
        house: &Arc<House>,
        session: &Arc<Session>,
        data: Value,
        event: &Event,
    ) -> Result<Self, Failure> {
        let who = session.identity();
        let may = match event.needs {
            Needs::Visitor => who.person.is_some(),
            Needs::Staff => who.staff.is_some(),
        };
        if !may {
            let user = who.claims.as_ref().map(|claims| claims.user.as_str());
            let staff = who.staff.as_ref().map(|staff| staff.id.as_str());
            tracing::warn!(
                event = event.name,
                user,
                staff,
                "an event without the right to it"
            );
            return Err(Failure::forbidden());
        }
        let call = Self {
            house: Arc::clone(house),
            session: Arc::clone(session),
            who,
            data,
        };
        call.house
            .rates
            .event(call.key())
            .map_err(Failure::rate_limited)?;
        call.session.used(call.now());
        Ok(call)
    }

    /// The payload.
    pub(crate) fn parse<T: DeserializeOwned>(&mut self) -> Result<T, Failure> {
        serde_json::from_value(self.data.take()).map_err(|_| Failure::invalid(None))
    }

    /// The present moment.
    pub(crate) fn now(&self) -> Moment {
        Moment::from(self.house.clock.now())
    }

    /// The visitor.
    pub(crate) fn person(&self) -> Result<Person, Failure> {
        self.who.person.clone().ok_or_else(Failure::forbidden)
    }

    /// The counsellor.
    pub(crate) fn staff(&self) -> Result<Staff, Failure> {
        self.who.staff.clone().ok_or_else(Failure::forbidden)
    }

    /// The visitor's own conversation: it follows from who he is and from nothing that he says.
    pub(crate) async fn conversation(&self) -> Result<ConversationId, Failure> {
        if let Some(id) = self.session.conversation() {
            return Ok(id);
        }
        if self.who.new_guest {
            // He has no token yet: what he said would be nobody's.
            let text = "먼저 대화를 열어 주세요.";
            return Err(Failure::new("not_open", text));
        }
        let person = self.person()?;
        let store = &self.house.store;
        let head = store.open_conversation(person, self.now()).await?;
        self.session.set_conversation(Some(head.id));
        Ok(head.id)
    }

    /// The same as it is stored.
    pub(crate) async fn head(&self) -> Result<Conversation, Failure> {
        let id = self.conversation().await?;
        let head = self.house.store.conversation(id).await?;
        head.ok_or_else(|| crate::store::model::Refusal::NoConversation.into())
    }

    /// Counts a message against the limits of the person.
    pub(crate) fn count_message(&self) -> Result<(), Failure> {
        let counted = self.house.rates.message(self.key());
        counted.map_err(Failure::rate_limited)
    }

    /// Counts a counsellor's message: he talks with several visitors at once, so that each conversation counts.
    pub(crate) fn count_message_in(&self, id: ConversationId) -> Result<(), Failure> {
        let counted = self.house.rates.message(format!("{}/{id}", self.key()));
        counted.map_err(Failure::rate_limited)
    }

    /// Whom limits count: the person, on however many sockets.
    fn key(&self) -> String {
        match (&self.who.person, &self.who.staff) {
            (Some(person), _) => person.key(),
            (None, Some(staff)) => format!("s:{}", staff.id.as_str()),
            (None, None) => String::new(),
        }
    }
}

/// What is done once the client has its answer.
pub(crate) enum Then {
    /// Tells the others.
    Changed(Box<Changed>),
    /// Begins to push what comes after a number.
    Release(Box<Conversation>, Seq),
    /// Shows a console what changes from now on.
    Console(Box<Shown>),
    /// Asks the bot.
    Ask(Question),
    /// Ends all sockets of a person.
    EndPerson(Person, End),
}

/// A good answer.
#[derive(Default)]
pub(crate) struct Reply {
    data: Map<String, Value>,
    then: Vec<Then>,
}

impl Reply {
    /// Nothing but that it went well.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// With a field.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.data.insert(name.to_owned(), value.into());
        self
    }

    /// With several.
    pub(crate) fn with_all(mut self, fields: Map<String, Value>) -> Self {
        self.data.extend(fields);
        self
    }

    /// With something to do afterwards.
    pub(crate) fn then(mut self, then: Then) -> Self {
        self.then.push(then);
        self
    }

    /// With others to be told.
    pub(crate) fn changed(self, changed: Changed) -> Self {
        self.then(Then::Changed(Box::new(changed)))
    }

    pub(super) fn into_ack(mut self) -> (Value, Vec<Then>) {
        self.data.insert("ok".to_owned(), true.into());
        (Value::Object(self.data), self.then)
    }
}
