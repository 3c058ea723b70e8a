//! What a conversation is, and what may happen to it: pure, the same for every store.
//!
//! A store loads a [`Conversation`], has [`Step::apply`] change it, and writes the result with the
//! new messages in one step over the version that it has loaded. So both stores decide alike, and
//! no rule stands in a query.

mod adopt;
mod append;
mod apply;
mod command;
mod conversation;
mod deliveries;
mod episode;
mod ids;
mod message;
mod moment;
mod outbox;
mod text;

pub use apply::Step;
pub use command::{Changed, Closer, Command, Episode, Refusal, Rules, Side};
pub use conversation::{Conversation, Counsellor, Ended, Keys, Note, Rating, Sealed, Seq, State};
pub use domain::chat::text::TextError;
pub use ids::{
    ClientMessageId, ConversationId, DeliveryId, GuestId, IdError, MessageId, Person, StaffId,
};
pub use message::{Author, Draft, Link, MOST_LINKS, MOST_QUICK_REPLIES, Message, Speaker};
pub use moment::Moment;
pub use outbox::{Attempt, Delivery, MOST_DELIVERIES, Progress, Subject};
pub use text::{Comment, LONGEST_COMMENT, LONGEST_MESSAGE, LONGEST_TOPIC, MessageText, Topic};
