//! Days on which a member was here.

use chrono::{DateTime, NaiveDate, Utc};

use crate::clock::seoul_date;

/// The day in Seoul of a visit. Days attended are the number of different ones: a store keeps one row
/// for a member and a day, and inserting it twice is inserting it once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttendanceDay(NaiveDate);

impl AttendanceDay {
    /// The day of a visit.
    #[must_use]
    pub fn of(visit: DateTime<Utc>) -> Self {
        Self(seoul_date(visit))
    }

    /// The date, as it is stored.
    #[must_use]
    pub const fn date(self) -> NaiveDate {
        self.0
    }
}
