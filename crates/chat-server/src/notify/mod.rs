//! Tells counsellors through a Slack channel that somebody waits.
//!
//! What is to be told is written with the request itself (`store::model::Delivery`). The
//! [`Notifier`] of every instance takes one delivery at a time, posts it to an incoming webhook and
//! notes what became of it. Whoever dies in between leaves a lease that runs out, and another tries
//! again **under the same delivery id**: a message comes at least once, and a second one is known by
//! its id, since Slack itself has no idempotency key.
//!
//! Out of the house go an opaque conversation number, a topic of a fixed list ([`TOPICS`]) and times.
//! A topic that a visitor has typed himself is not told: it may hold anything.

mod message;
mod notifier;
mod settings;
mod webhook;

pub use message::TOPICS;
pub use notifier::{Notifier, Pace};
pub use settings::{SlackSettings, WebhookUrl};
pub use webhook::{Answer, Webhook};
