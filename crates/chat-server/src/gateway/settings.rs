//! What visitors may do, and how much.

use std::path::Path;
use std::time::Duration;

use chrono::TimeDelta;
use service_kit::settings::Reader;

use crate::identity::AccessTokenSettings;

/// Settings of the gateway.
#[derive(Debug, Clone)]
pub struct ChatSettings {
    /// How access tokens are checked.
    pub access: AccessTokenSettings,
    /// How long a guest's token is good (`CHAT_GUEST_DAYS`).
    pub guest_life: TimeDelta,
    /// How much is allowed.
    pub limits: ChatLimits,
}

/// How much is allowed; the defaults are the chat protocol's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChatLimits {
    /// Messages of a person within [`burst`](Self::burst) (`CHAT_BURST_MESSAGES`).
    pub burst_messages: usize,
    /// `CHAT_BURST_SECONDS`.
    pub burst: Duration,
    /// Messages of a person in a minute (`CHAT_MESSAGES_PER_MINUTE`).
    pub messages_per_minute: usize,
    /// Events of any kind of a person in a minute (`CHAT_EVENTS_PER_MINUTE`).
    pub events_per_minute: usize,
    /// Events of one socket that wait for the one before them (`CHAT_SOCKET_QUEUE`).
    pub socket_queue: usize,
    /// Sockets in all (`CHAT_SOCKETS`).
    pub sockets: usize,
    /// Sockets of one address (`CHAT_SOCKETS_PER_ADDRESS`).
    pub sockets_per_address: usize,
    /// New connections of one address in a minute (`CHAT_CONNECTS_PER_MINUTE`).
    pub connects_per_minute: usize,
    /// New guests of one address in an hour (`CHAT_GUESTS_PER_HOUR`).
    pub guests_per_hour: usize,
    /// How long a client may take nothing of what is sent to it (`CHAT_WRITE_STALL_SECONDS`).
    pub write_stall: Duration,
}

impl Default for ChatLimits {
    fn default() -> Self {
        Self {
            burst_messages: 5,
            burst: Duration::from_secs(3),
            messages_per_minute: 60,
            events_per_minute: 300,
            socket_queue: 256,
            sockets: 10_000,
            sockets_per_address: 100,
            connects_per_minute: 120,
            guests_per_hour: 120,
            write_stall: Duration::from_secs(10),
        }
    }
}

impl ChatSettings {
    /// Reads the settings.
    pub fn read(reader: &mut Reader, data_dir: &Path) -> Self {
        let days = reader.integer("CHAT_GUEST_DAYS", 180, 1..=400);
        Self {
            access: AccessTokenSettings::read(reader, data_dir),
            guest_life: TimeDelta::days(days),
            limits: ChatLimits::read(reader),
        }
    }
}

impl ChatLimits {
    fn read(reader: &mut Reader) -> Self {
        let usual = Self::default();
        let most = 1..=1_000_000;
        let mut number = |name, usual| reader.integer(name, usual, most.clone());
        Self {
            burst_messages: number("CHAT_BURST_MESSAGES", usual.burst_messages),
            messages_per_minute: number("CHAT_MESSAGES_PER_MINUTE", usual.messages_per_minute),
            events_per_minute: number("CHAT_EVENTS_PER_MINUTE", usual.events_per_minute),
            sockets: number("CHAT_SOCKETS", usual.sockets),
            sockets_per_address: number("CHAT_SOCKETS_PER_ADDRESS", usual.sockets_per_address),
            connects_per_minute: number("CHAT_CONNECTS_PER_MINUTE", usual.connects_per_minute),
            guests_per_hour: number("CHAT_GUESTS_PER_HOUR", usual.guests_per_hour),
            socket_queue: reader.integer("CHAT_SOCKET_QUEUE", usual.socket_queue, 8..=10_000),
            burst: reader.seconds("CHAT_BURST_SECONDS", 3, 1..=60),
            write_stall: reader.seconds("CHAT_WRITE_STALL_SECONDS", 10, 1..=300),
        }
    }
}
