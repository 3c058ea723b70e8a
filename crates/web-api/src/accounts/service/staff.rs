//! What admins do: looking members up, roles, suspension. Over HTTP there is an actor; on the command
//! line there is none.

use chrono::{DateTime, Utc};
use domain::account::{LoginId, Role, UserState};
use domain::token::{Statement, UserId};

use crate::accounts::store::audit::{self, Action, Line};
use crate::accounts::store::sessions::{self, Ended};
use crate::accounts::store::users::{self, User};
use crate::accounts::store::{security, staff, statements};
use crate::accounts::{AccountError, Accounts};
use crate::db::{Db, DbError};

/// Suspensions that are lifted at once because their time is over, at most.
const MOST: i64 = 1_000;

/// A member as admins see him.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) id: UserId,
    pub(crate) role: Role,
    pub(crate) state: UserState,
    pub(crate) suspended_reason: Option<String>,
    pub(crate) suspended_until: Option<DateTime<Utc>>,
    /// Whether a second factor is set up.
    pub(crate) second_factor: bool,
    pub(crate) created_at: DateTime<Utc>,
}

/// Why a change of the staff's isn't made.
enum Refusal {
    Unknown,
    LastAdmin,
}

impl From<Refusal> for AccountError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unknown => Self::UnknownUser,
            Refusal::LastAdmin => Self::LastAdmin,
        }
    }
}

fn person(db: &mut Db, user: User) -> Result<Person, DbError> {
    let (suspended_reason, suspended_until) = staff::suspension(db, user.key)?;
    let factor = security::factor(db, user.key)?;
    Ok(Person {
        id: user.id,
        role: user.role,
        state: user.state,
        suspended_reason,
        suspended_until,
        second_factor: factor.is_some_and(|factor| factor.confirmed),
        created_at: user.created_at,
    })
}

/// The member, unless he has withdrawn.
fn present(db: &mut Db, id: &UserId) -> Result<Option<User>, DbError> {
    let user = users::by_id(db, id)?;
    Ok(user.filter(|user| user.state != UserState::Withdrawn))
}

fn not_oneself(actor: Option<&UserId>, target: &UserId) -> Result<(), AccountError> {
    if actor == Some(target) {
        return Err(AccountError::Oneself);
    }
    Ok(())
}

/// Whether nobody could administer without this one.
fn is_last_admin(db: &mut Db, user: &User) -> Result<bool, DbError> {
    Ok(user.role == Role::Admin && staff::other_admins(db, user.key)? == 0)
}

impl Accounts {
    /// The member who signs in by this name. Looking is written down, whether he is found or not.
    pub(crate) async fn find_member(
        &self,
        actor: Option<UserId>,
        login_id: LoginId,
    ) -> Result<Option<Person>, AccountError> {
        let now = self.clock.now();
        let found = self
            .pool
            .run(move |db| {
                db.write_tx(|db| {
                    let user = users::by_login_id(db, &login_id)?;
                    let line = Line {
                        action: Action::MemberRead,
                        actor: actor.as_ref(),
                        subject: user.as_ref().map(|user| &user.id),
                        session: None,
                        detail: None,
                        at: now,
                    };
                    audit::add(db, &line)?;
                    user.map(|user| person(db, user)).transpose()
                })
            })
            .await?;
        Ok(found)
    }

    /// Gives a member another role and signs him out everywhere. Who leaves the staff loses his second
    /// factor with it.
    pub(crate) async fn set_role(
        &self,
        actor: Option<UserId>,
        target: UserId,
        role: Role,
    ) -> Result<Person, AccountError> {
        not_oneself(actor.as_ref(), &target)?;
        let now = self.clock.now();
        let done = self
            .pool
            .run(move |db| {
                db.write_tx(|db| {
                    staff::one_at_a_time(db)?;
                    staff::hold(db, &target)?;
                    let Some(mut user) = present(db, &target)? else {
                        return Ok(Err(Refusal::Unknown));
                    };
                    if user.role == role {
                        return Ok(Ok((person(db, user)?, Vec::new())));
                    }
                    if is_last_admin(db, &user)? {
                        return Ok(Err(Refusal::LastAdmin));
                    }
                    staff::set_role(db, user.key, role, now)?;
                    if !role.needs_second_factor() {
                        security::drop_factor(db, user.key)?;
                    }
                    let why = Ended::RoleChanged;
                    let ended = sessions::end_others(db, user.key, None, why, now)?;
                    let detail = format!("{}>{role}", user.role);
                    let line = Line {
                        action: Action::RoleChanged,
                        actor: actor.as_ref(),
                        subject: Some(&target),
                        session: None,
                        detail: Some(&detail),
                        at: now,
                    };
                    audit::add(db, &line)?;
                    audit::ended(db, actor.as_ref(), &target, &ended, why, now)?;
                    user.role = role;
                    Ok(Ok((person(db, user)?, ended)))
                })
            })
            .await?;
        let (person, ended) = done?;
        self.revoked.ended(&ended);
        Ok(person)
    }

    /// Shuts a member out, for ever or until then. His sessions stay, and are refused everything but
    /// what is his by law.
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
                    staff::hold(db, &target)?;
                    let Some(mut user) = present(db, &target)? else {
                        return Ok(Err(Refusal::Unknown));
                    };
                    if is_last_admin(db, &user)? {
                        return Ok(Err(Refusal::LastAdmin));
                    }
                    staff::suspend(db, user.key, &reason, until, now)?;
                    let told = Statement::UserSuspended {
                        user: target.clone(),
                        until,
                    };
                    statements::add(db, &told, now)?;
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
                    staff::hold(db, &target)?;
                    let Some(user) = present(db, &target)? else {
                        return Ok(false);
                    };
                    if user.state == UserState::Suspended {
                        staff::lift(db, user.key, now)?;
                        let line = by(actor.as_ref(), Action::SuspensionLifted, &target, now);
                        audit::add(db, &line)?;
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

    /// Lets a member in again who is suspended for a time that is over.
    pub(super) async fn let_in_again(&self, user: &mut User) -> Result<(), AccountError> {
        if user.state != UserState::Suspended {
            return Ok(());
        }
        let (key, id, now) = (user.key, user.id.clone(), self.clock.now());
        let over = self
            .pool
            .run(move |db| {
                db.write_tx(|db| {
                    staff::one_at_a_time(db)?;
                    let over = is_over(db, key, now)?;
                    if over {
                        staff::lift(db, key, now)?;
                        let line = by(None, Action::SuspensionLifted, &id, now);
                        audit::add(db, &line)?;
                    }
                    Ok(over)
                })
            })
            .await?;
        if over {
            self.revoked.suspended(&user.id, false);
            user.state = UserState::Active;
        }
        Ok(())
    }
}

/// Whether the suspension of a member is over, though nobody has noted it yet.
pub(super) fn is_over(db: &mut Db, user: i64, now: DateTime<Utc>) -> Result<bool, DbError> {
    let (_, until) = staff::suspension(db, user)?;
    Ok(until.is_some_and(|until| until <= now))
}

/// Lifts the suspensions whose time is over.
pub(crate) fn lift_what_is_over(db: &mut Db, now: DateTime<Utc>) -> Result<(), DbError> {
    db.write_tx(|db| {
        staff::one_at_a_time(db)?;
        for (key, id) in staff::over(db, now, MOST)? {
            staff::lift(db, key, now)?;
            audit::add(db, &by(None, Action::SuspensionLifted, &id, now))?;
        }
        Ok(())
    })
}

fn by<'a>(
    actor: Option<&'a UserId>,
    action: Action,
    subject: &'a UserId,
    at: DateTime<Utc>,
) -> Line<'a> {
    Line {
        action,
        actor,
        subject: Some(subject),
        session: None,
        detail: None,
        at,
    }
}
