//! When the catalogue is synchronised: weekly, at once where there is none or a date was missed, and
//! again after a run that was stopped.

use std::time::Duration;

use chrono::{DateTime, Days, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use tokio_util::sync::CancellationToken;

use super::client::{Client, FeedError};
use super::desk::{Ask, Asks, Started};
use super::sync::{Ended, Outcome, Synchroniser, latest, running};
use super::{MfdsSettings, SyncSettings};
use crate::catalogue::store::pointer;
use crate::db::{Db, DbError, Pool, chain};

/// The clock of the wall is looked at this often: a sleep of days would miss a clock that was set, or a
/// catalogue that another instance brought.
const LOOK: Duration = Duration::from_secs(30);
/// After a run that was interrupted: doubled with each, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: TimeDelta = TimeDelta::minutes(15);
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(6);
/// Another instance was at it; it may have died.
const BUSY_PAUSE: TimeDelta = TimeDelta::minutes(5);
/// The quota is counted by day in Korea; a little after midnight it is new.
const AFTER_MIDNIGHT: TimeDelta = TimeDelta::minutes(10);

/// Synchronises by the schedule, and when somebody asks for it, until `stop`. Returns at once where no
/// key is set.
pub async fn run(
    pool: Pool,
    mfds: MfdsSettings,
    settings: SyncSettings,
    mut asks: Asks,
    stop: CancellationToken,
) {
    if settings.schedule.is_none() {
        tracing::info!("SYNC_SCHEDULE is off: the catalogue is synchronised by hand only");
    }
    let Some(client) = client(&mfds) else { return };
    let synchroniser = Synchroniser::new(pool.clone(), client, settings.clone());
    let mut last = None;
    while !stop.is_cancelled() {
        let by_schedule = settings.schedule.is_some();
        let ask = if by_schedule && is_due(&pool, &settings, &mut last).await {
            None
        } else {
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(LOOK) => continue,
                Some(ask) = asks.next() => Some(ask),
            }
        };
        let result = go(&pool, &synchroniser, ask, &mut asks, &stop).await;
        last = Some(Last::of(result, last, Utc::now()));
    }
}

/// One run from its beginning to its end. Who asks for one meanwhile is told that it is under way.
async fn go(
    pool: &Pool,
    synchroniser: &Synchroniser,
    ask: Option<Ask>,
    asks: &mut Asks,
    stop: &CancellationToken,
) -> Result<Outcome, DbError> {
    let (note, answer) = ask.map(|ask| (ask.note, ask.answer)).unzip();
    let tell = move |what: Result<Started, DbError>| {
        if let Some(answer) = answer {
            // Who asked may have gone.
            drop(answer.send(what));
        }
    };
    let begun = match synchroniser.begin(stop, note).await {
        Ok(Some(begun)) => begun,
        Ok(None) => {
            tell(pool.run(running).await.map(Started::Busy));
            return Ok(synchroniser.busy());
        }
        Err(error) => {
            let told = DbError::Unavailable(chain(&error).into());
            tell(Err(told));
            return Err(error);
        }
    };
    let id = begun.id();
    tell(Ok(Started::Begun(id)));
    let mut running = std::pin::pin!(synchroniser.finish(begun));
    loop {
        tokio::select! {
            outcome = &mut running => return outcome,
            Some(ask) = asks.next() => ask.answer(Ok(Started::Busy(Some(id)))),
        }
    }
}

/// Whether a run is due now. Without the database nothing is.
async fn is_due(pool: &Pool, settings: &SyncSettings, last: &mut Option<Last>) -> bool {
    let look = |db: &mut Db| Ok((pointer(db)?, latest(db)?));
    let (pointer, latest) = match pool.run(look).await {
        Ok(found) => found,
        Err(error) => {
            tracing::debug!(%error, "the schedule waits for the database");
            return false;
        }
    };
    *last = Last::newer(*last, latest);
    let now = Utc::now();
    let synced_at = pointer.map(|pointer| pointer.synced_at);
    due(settings, now, synced_at, *last).is_some_and(|due| due <= now)
}

/// `None`, with a line in the log, where the feed can't be asked.
fn client(mfds: &MfdsSettings) -> Option<Client> {
    match Client::new(mfds) {
        Ok(client) => Some(client),
        Err(FeedError::NoKey) => {
            tracing::warn!("MFDS_SERVICE_KEY is not set: the catalogue is not synchronised");
            None
        }
        Err(error) => {
            tracing::error!(%error, "no client for the feed: the catalogue is not synchronised");
            None
        }
    }
}

/// How the last run ended that this instance knows of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Last {
    at: DateTime<Utc>,
    end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Swapped,
    Paused,
    Busy,
    /// Interrupted, so often in a row.
    Unfinished(u32),
    /// By the checks.
    Refused,
}

impl Last {
    /// What the database says of the latest run counts where it is newer: another instance, or this one
    /// before a restart, may have met the quota or been refused, and to ask again at once would only
    /// cost requests.
    fn newer(known: Option<Self>, latest: Option<(Ended, NaiveDateTime)>) -> Option<Self> {
        let Some((ended, at)) = latest else {
            return known;
        };
        let end = match ended {
            Ended::Paused => End::Paused,
            Ended::Refused => End::Refused,
            Ended::Otherwise => return known,
        };
        let at = at.and_utc();
        // Our own note of the same end is a moment later.
        match known {
            Some(ours) if ours.end != End::Busy && ours.at >= at => known,
            _ => Some(Self { at, end }),
        }
    }

    fn of(result: Result<Outcome, DbError>, before: Option<Self>, at: DateTime<Utc>) -> Self {
        let unfinished = match before {
            Some(Self {
                end: End::Unfinished(count),
                ..
            }) => count + 1,
            _ => 1,
        };
        let end = match result {
            Ok(Outcome::Swapped(_)) => End::Swapped,
            Ok(Outcome::PausedByQuota) => End::Paused,
            Ok(Outcome::Busy) => End::Busy,
            Ok(Outcome::Failed { .. }) => End::Refused,
            Ok(Outcome::Interrupted { .. }) => End::Unfinished(unfinished),
            Err(error) => {
                tracing::error!(error = %chain(&error), "the synchronisation failed");
                End::Unfinished(unfinished)
            }
        };
        Self { at, end }
    }
}

/// When the next run is due; in the past means now. `None`: never.
fn due(
    settings: &SyncSettings,
    now: DateTime<Utc>,
    synced_at: Option<DateTime<Utc>>,
    last: Option<Last>,
) -> Option<DateTime<Utc>> {
    let zone = settings.time_zone;
    let schedule = settings.schedule.as_ref()?;
    let local = now.with_timezone(&zone);
    let next = || {
        let next = schedule.find_next_occurrence(&local, false).ok();
        next.map(|next| next.with_timezone(&Utc))
    };
    let missed = match synced_at {
        None => true,
        Some(synced_at) => schedule
            .find_previous_occurrence(&local, true)
            .is_ok_and(|previous| previous.with_timezone(&Utc) > synced_at),
    };
    if !missed {
        return next();
    }
    match last {
        None
        | Some(Last {
            end: End::Swapped, ..
        }) => Some(now),
        Some(Last { at, end: End::Busy }) => Some(at + BUSY_PAUSE),
        Some(Last {
            at,
            end: End::Paused,
        }) => Some(next_midnight(at, zone) + AFTER_MIDNIGHT),
        Some(Last {
            at,
            end: End::Unfinished(count),
        }) => {
            let doublings = count.saturating_sub(1).min(10);
            let pause = FIRST_PAUSE * 2_i32.saturating_pow(doublings);
            Some(at + pause.min(LONGEST_PAUSE))
        }
        // What was refused is read anew, at the latest with the next date.
        Some(Last {
            at,
            end: End::Refused,
        }) => {
            let later = at + LONGEST_PAUSE;
            Some(next().map_or(later, |next| next.min(later)))
        }
    }
}

fn next_midnight(at: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    at.with_timezone(&zone)
        .date_naive()
        .checked_add_days(Days::new(1))
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .and_then(|midnight| zone.from_local_datetime(&midnight).earliest())
        .map_or(at + TimeDelta::hours(24), |midnight| {
            midnight.with_timezone(&Utc)
        })
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
