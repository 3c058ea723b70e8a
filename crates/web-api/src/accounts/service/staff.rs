//! What admins do: looking members up, roles. Over HTTP there is an actor; on the command line there
//! is none.

use chrono::{DateTime, Utc};
use domain::account::{LoginId, Nickname, Role, UserState};
use domain::token::UserId;

use crate::accounts::store::audit::{self, Action, Line};
use crate::accounts::store::sessions::{self, Ended};
use crate::accounts::store::users::{self, User};
use crate::accounts::store::{security, staff};
use crate::accounts::{AccountError, Accounts};
use crate::db::{Db, DbError};

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

/// Whom somebody looks for, by something that is one member's alone.
#[derive(Debug, Clone)]
pub(crate) enum Whom {
    /// Who signs in by this name.
    LoginId(LoginId),
    /// Who has this id.
    Id(UserId),
    /// Whom others see by this name.
    Nickname(Nickname),
}

/// Why a change of the staff's isn't made.
pub(super) enum Refusal {
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

pub(super) fn person(db: &mut Db, user: User) -> Result<Person, DbError> {
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
pub(super) fn present(db: &mut Db, id: &UserId) -> Result<Option<User>, DbError> {
    let user = users::by_id(db, id)?;
    Ok(user.filter(|user| user.state != UserState::Withdrawn))
}

pub(super) fn not_oneself(actor: Option<&UserId>, target: &UserId) -> Result<(), AccountError> {
    if actor == Some(target) {
        return Err(AccountError::Oneself);
    }
    Ok(())
}

/// Whether nobody could administer without this one. In a transaction that has
/// [`staff::one_at_a_time`], else two who go at once each count on the other.
pub(super) fn is_last_admin(db: &mut Db, user: &User) -> Result<bool, DbError> {
    let administers = user.role == Role::Admin && user.state == UserState::Active;
    Ok(administers && staff::other_admins(db, user.key)? == 0)
}

impl Accounts {
    /// The member who is looked for. Looking is written down, whether he is found or not.
    pub(crate) async fn find_member(
        &self,
        actor: Option<UserId>,
        whom: Whom,
    ) -> Result<Option<Person>, AccountError> {
        let now = self.clock.now();
        let found = self
            .pool
            .run(move |db| {
                db.write_tx(|db| {
                    let user = match &whom {
                        Whom::LoginId(login_id) => users::by_login_id(db, login_id)?,
                        Whom::Id(id) => users::by_id(db, id)?,
                        Whom::Nickname(nickname) => users::by_nickname(db, nickname)?,
                    };
                    looked(db, actor.as_ref(), user.as_ref().map(|user| &user.id), now)?;
                    user.map(|user| person(db, user)).transpose()
                })
            })
            .await?;
        Ok(found)
    }

    /// Whether there is an admin who may do something.
    pub(crate) async fn is_administered(&self) -> Result<bool, AccountError> {
        // Nobody has this key.
        let count = self.pool.run(|db| staff::other_admins(db, 0)).await?;
        Ok(count > 0)
    }

    /// Gives a member another role and signs him out everywhere. Who leaves the staff loses his second
    /// factor with it. Of the last admin the role is taken on the command line only.
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
                    users::hold_by_id(db, &target)?;
                    let Some(mut user) = present(db, &target)? else {
                        looked(db, actor.as_ref(), None, now)?;
                        return Ok(Err(Refusal::Unknown));
                    };
                    if user.role == role {
                        looked(db, actor.as_ref(), Some(&target), now)?;
                        return Ok(Ok((person(db, user)?, Vec::new())));
                    }
                    if actor.is_some() && is_last_admin(db, &user)? {
                        looked(db, actor.as_ref(), Some(&target), now)?;
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
}

/// A line for a call that changed nothing: whoever made it was told how it stands with a member, or
/// that there is none.
pub(super) fn looked(
    db: &mut Db,
    actor: Option<&UserId>,
    subject: Option<&UserId>,
    at: DateTime<Utc>,
) -> Result<(), DbError> {
    let line = Line {
        action: Action::MemberRead,
        actor,
        subject,
        session: None,
        detail: None,
        at,
    };
    audit::add(db, &line)
}

/// A line about a member, by somebody or by nobody in particular.
pub(super) fn by<'a>(
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
