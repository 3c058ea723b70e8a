//! Messages that leave the house: the provider's API, and the task that empties the outbox.

mod sender;
mod sens;

pub use sender::Sender;
pub use sens::{Delivery, Sens, SensError};
