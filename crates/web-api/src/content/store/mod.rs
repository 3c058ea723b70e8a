//! Rows of quotes and events. Changes come one after another, whichever instance makes them.

pub mod events;
pub mod quotes;
