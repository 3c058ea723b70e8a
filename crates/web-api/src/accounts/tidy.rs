//! Deleting what nobody needs any more.

use std::time::Duration;

use chrono::TimeDelta;
use domain::clock::later;
use tokio_util::sync::CancellationToken;

use super::Accounts;
use super::revoked::HELD;
use super::store::social::{exchanges, flows, proofs};
use super::store::{
    audit, erasures, failures, once_answers, sessions, sign_up_answers, sms_counts, statements,
    verifications,
};
use crate::db::chain;

/// How often. Every instance does it; deleting twice is deleting once.
const EVERY: Duration = Duration::from_secs(10 * 60);
/// One statement: after a long pause there is much to delete.
const LIMIT: Duration = Duration::from_secs(60);
/// How long verifications are kept: as long as somebody may ask why no message came.
const VERIFICATIONS: TimeDelta = TimeDelta::days(1);
/// How long what was counted is kept: longer than any window, and than the pause between messages.
const COUNTS: TimeDelta = TimeDelta::days(2);
/// How long sessions are kept that are over.
const SESSIONS: TimeDelta = TimeDelta::days(30);
/// How long receipts of withdrawals can be read once chat-server has done its part.
const RECEIPTS: TimeDelta = TimeDelta::days(730);

impl Accounts {
    /// Tidies up now and then until `stop`.
    pub(crate) async fn tidy(&self, stop: CancellationToken) {
        loop {
            let now = self.clock.now();
            let nobody_is_told = self.settings.chat_events.is_none();
            let tidied = self.pool.run_within(LIMIT, move |db| {
                verifications::purge(db, later(now, -VERIFICATIONS))?;
                sms_counts::purge(db, later(now, -COUNTS))?;
                failures::purge(db, now)?;
                flows::purge(db, now)?;
                exchanges::purge(db, now)?;
                proofs::purge(db, now)?;
                sessions::purge(db, later(now, -SESSIONS))?;
                if nobody_is_told {
                    statements::purge_needless(db, later(now, -HELD))?;
                }
                erasures::purge(db, later(now, -HELD), later(now, -RECEIPTS))?;
                sign_up_answers::purge(db, now)?;
                once_answers::purge(db, now)?;
                audit::purge(db, now)?;
                db.shred()?;
                Ok(())
            });
            if let Err(error) = tidied.await {
                tracing::warn!(cause = %chain(&error), "accounts can't be tidied up");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }
}
