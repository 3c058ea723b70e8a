//! What is set of the desk, and how long things are kept.

use std::ops::RangeInclusive;

use chrono::TimeDelta;
use domain::chat::hours::Week;
use service_kit::settings::{Reader, Shape};

use crate::store::model::Rules;

/// Seconds of the timers.
const TIMER: RangeInclusive<i64> = 5..=3_600;

/// What is set of the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskSettings {
    /// When counsellors are there, in Seoul.
    pub week: Week,
    /// How long a counsellor may give no sign of life before somebody else gets his conversations.
    pub lease: TimeDelta,
    /// How long a visitor whose turn it is may say nothing before a warning.
    pub idle_warning: TimeDelta,
    /// And from the warning until the close.
    pub idle_close: TimeDelta,
    /// How long somebody may wait before Slack is told again.
    pub escalate_after: TimeDelta,
}

impl Default for DeskSettings {
    /// As the chat protocol has it.
    fn default() -> Self {
        Self {
            week: Week::default(),
            lease: TimeDelta::seconds(60),
            idle_warning: TimeDelta::seconds(60),
            idle_close: TimeDelta::seconds(60),
            escalate_after: TimeDelta::seconds(300),
        }
    }
}

impl DeskSettings {
    pub(crate) fn read(reader: &mut Reader) -> Self {
        let week = Shape::new(
            "days and hours in Seoul by commas",
            "mon-fri 14:00-21:00, sat 10:00-13:00",
        );
        let week = reader.parsed("CHAT_HOURS", Week::default(), &week);
        let mut seconds = |name: &str, default: i64, range: RangeInclusive<i64>| {
            TimeDelta::seconds(reader.integer(name, default, range))
        };
        Self {
            week,
            lease: seconds("CHAT_COUNSELLOR_LEASE_SECONDS", 60, TIMER),
            idle_warning: seconds("CHAT_IDLE_WARNING_SECONDS", 60, TIMER),
            idle_close: seconds("CHAT_IDLE_CLOSE_SECONDS", 60, TIMER),
            escalate_after: seconds("CHAT_ESCALATE_SECONDS", 300, 10..=86_400),
        }
    }
}

impl Rules {
    /// The law asks for a year of the record of what staff did at least.
    pub(crate) fn read(reader: &mut Reader) -> Self {
        let mut days = |name: &str, default: i64, range: RangeInclusive<i64>| {
            TimeDelta::days(reader.integer(name, default, range))
        };
        Self {
            keep_messages: days("CHAT_KEEP_MESSAGES_DAYS", 5, 1..=365),
            keep_access: days("CHAT_KEEP_ACCESS_DAYS", 366, 366..=3_660),
            ..Self::default()
        }
    }
}
