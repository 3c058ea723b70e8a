//! Suspension (이용 정지): what it leaves a member, and how it ends.

use chrono::{DateTime, Utc};
use domain::account::UserState;
use domain::token::{Statement, UserId};

use super::staff::{Person, Refusal, by, is_last_admin, looked, not_oneself, person, present};
use crate::accounts::store::audit::{self, Action};
use crate::accounts::store::users::{self, User};
use crate::accounts::store::{staff, statements};
use crate::accounts::{AccountError, Accounts};
use crate::db::{Db, DbError};

/// Suspensions that are lifted at once because their time is over, at most.
const MOST: i64 = 1_000;

/// That somebody is suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Suspension {
    /// Until when, where that is known.
    pub(crate) until: Option<DateTime<Utc>>,
}

impl Suspension {
    /// The suspension of a member as he was read, if he is suspended.
    pub(super) fn of(db: &mut Db, user: &User) -> Result<Option<Self>, DbError> {
        if !user.state.is_restricted() {
            return Ok(None);
        }
        let (_, until) = staff::suspension(db, user.key)?;
        Ok(Some(Self { until }))
    }
}

impl Accounts {
    /// Shuts a member out, for ever or until then. His sessions stay, and are refused everything but
    /// what is his by law. The last admin can be shut out on the command line only.
    pub(crate) async fn suspend(
        &self,
        actor: Option<UserId>,
        target: UserId,
        reason: String,
        until: Option<DateTime<Utc>>,
    ) -> Result<Person, AccountError> {
        not_oneself(actor.as_ref(), &target)?;
        let now = self.clock.now();
        let id = target.clone();
        let done = self
            .pool
            .run(move |db| {
                db.write_tx(|db| {
                    staff::one_at_a_time(db)?;
                    users::hold_by_id(db, &target)?;
                    let Some(mut user) = present(db, &target)? else {
                        looked(db, actor.as_ref(), None, now)?;
                        return Ok(Err(Refusal::Unknown));
                    };
                    if actor.is_some() && is_last_admin(db, &user)? {
                        looked(db, actor.as_ref(), Some(&target), now)?;
                        return Ok(Err(Refusal::LastAdmin));
                    }
                    let at = staff::suspend(db, user.key, &reason, until, now)?;
                    let told = Statement::UserSuspended {
                        user: target.clone(),
                        until,
                    };
                    statements::add(db, &told, at)?;
                    let line = by(actor.as_ref(), Action::Suspended, &target, now);
                    audit::add(db, &line)?;
                    user.state = UserState::Suspended;
                    person(db, user).map(Ok)
                })
            })
            .await?;
        let person = done?;
        self.revoked.suspended(&id, true);
        Ok(person)
    }

    /// Lets a member in again; one who isn't shut out stays as he is.
    pub(crate) async fn unsuspend(
        &self,
        actor: Option<UserId>,
        target: UserId,
    ) -> Result<(), AccountError> {
        let now = self.clock.now();
        let id = target.clone();
        let found = self
            .pool
            .run(move |db| {
                db.write_tx(|db| {
                    staff::one_at_a_time(db)?;
                    users::hold_by_id(db, &target)?;
                    let Some(user) = present(db, &target)? else {
                        looked(db, actor.as_ref(), None, now)?;
                        return Ok(false);
                    };
                    if !lift(db, actor.as_ref(), (user.key, &target), now)? {
                        looked(db, actor.as_ref(), Some(&target), now)?;
                    }
                    Ok(true)
                })
            })
            .await?;
        if !found {
            return Err(AccountError::UnknownUser);
        }
        self.revoked.suspended(&id, false);
        Ok(())
    }

    /// Lets a member in again who is suspended for a time that is over; reads how it stands with him.
    pub(super) async fn let_in_again(&self, user: &mut User) -> Result<(), AccountError> {
        if user.state != UserState::Suspended {
            return Ok(());
        }
        let (key, id, now) = (user.key, user.id.clone(), self.clock.now());
        let stands = self
            .pool
            .run(move |db| {
                db.write_tx(|db| {
                    staff::one_at_a_time(db)?;
                    users::hold_by_id(db, &id)?;
                    if is_over(db, key, now)? {
                        lift(db, None, (key, &id), now)?;
                    }
                    Ok(users::by_key(db, key)?.map(|user| user.state))
                })
            })
            .await?;
        user.state = stands.ok_or(AccountError::WrongCredentials)?;
        if user.state == UserState::Active {
            self.revoked.suspended(&user.id, false);
        }
        Ok(())
    }

    /// Lifts the suspensions whose time is over, and states it.
    pub(crate) async fn lift_what_is_over(&self) -> Result<(), DbError> {
        let now = self.clock.now();
        let lifted = self.pool.run(move |db| {
            // Mostly there is none, and nobody has to wait for that.
            if staff::over(db, now, 1)?.is_empty() {
                return Ok(Vec::new());
            }
            db.write_tx(|db| {
                staff::one_at_a_time(db)?;
                let mut lifted = Vec::new();
                for (key, id) in staff::over(db, now, MOST)? {
                    if lift(db, None, (key, &id), now)? {
                        lifted.push(id);
                    }
                }
                Ok(lifted)
            })
        });
        for id in lifted.await? {
            self.revoked.suspended(&id, false);
        }
        Ok(())
    }
}

/// Whether the suspension of a member is over, though nobody has noted it yet.
fn is_over(db: &mut Db, user: i64, now: DateTime<Utc>) -> Result<bool, DbError> {
    let (_, until) = staff::suspension(db, user)?;
    Ok(until.is_some_and(|until| until <= now))
}

/// Ends a suspension with everything that belongs to it; says whether there was one. In a transaction
/// that has [`staff::one_at_a_time`].
fn lift(
    db: &mut Db,
    actor: Option<&UserId>,
    (key, id): (i64, &UserId),
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let Some(at) = staff::lift(db, key, now)? else {
        return Ok(false);
    };
    let told = Statement::UserReinstated { user: id.clone() };
    statements::add(db, &told, at)?;
    audit::add(db, &by(actor, Action::SuspensionLifted, id, now))?;
    Ok(true)
}
