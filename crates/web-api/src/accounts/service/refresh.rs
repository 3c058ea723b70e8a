//! `POST /auth/sessions/refresh`.

use domain::account::{AttendanceDay, PresentedToken, RefreshDecision};

use super::{Signed, Suspension};
use crate::accounts::store::attendance;
use crate::accounts::store::audit::{self, Action};
use crate::accounts::store::sessions::{self, Ended, Session};
use crate::accounts::store::users::{self, User};
use crate::accounts::{AccountError, Accounts};
use crate::db::{Db, DbError};
use chrono::{DateTime, Utc};

/// How often a rotation that lost against another one is decided again. The second time it is a
/// repetition; more is for what can't be thought of.
const ROUNDS: usize = 4;

/// A session that goes on.
struct Good {
    session: Session,
    user: User,
    /// When his second factor was given.
    given: Option<DateTime<Utc>>,
}

/// What became of a token.
enum Outcome {
    /// The session as it stands, and whose it is.
    Good(Box<Good>),
    /// It ended just now, because the token came a second time.
    Reused(Session),
    /// Nothing of it is good.
    Over,
}

impl Accounts {
    /// Gives the successor of a refresh token, and an access token with it.
    pub(crate) async fn refresh(&self, token: &str) -> Result<Signed, AccountError> {
        let presented = self
            .keys
            .refresh
            .read(token)
            .ok_or(AccountError::SessionOver)?;
        let now = self.clock.now();
        let family = presented.family.clone();
        match self.pool.run(move |db| decide(db, &presented, now)).await? {
            Outcome::Good(good) => {
                let Good {
                    session,
                    mut user,
                    given,
                } = *good;
                let second_factor = self.still_counts(given);
                self.let_in_again(&mut user).await?;
                let (id, role) = (user.id.clone(), user.role);
                let suspended = self.pool.run(move |db| Suspension::of(db, &user)).await?;
                self.tokens(&id, role, second_factor, (&session, &family), suspended)
            }
            Outcome::Reused(session) => {
                self.revoked.ended(std::slice::from_ref(&session.id));
                tracing::warn!(session = %session.id, "a refresh token came a second time: its session was ended");
                metrics::counter!("refresh_tokens_reused_total").increment(1);
                Err(AccountError::SessionOver)
            }
            Outcome::Over => Err(AccountError::SessionOver),
        }
    }
}

fn good(session: Session, user: User, given: Option<DateTime<Utc>>) -> Outcome {
    Outcome::Good(Box::new(Good {
        session,
        user,
        given,
    }))
}

fn decide(db: &mut Db, presented: &PresentedToken, now: DateTime<Utc>) -> Result<Outcome, DbError> {
    for _ in 0..ROUNDS {
        let Some(mut session) = sessions::by_family(db, &presented.family.hash())? else {
            return Ok(Outcome::Over);
        };
        let user = users::by_key(db, session.user)?;
        let Some(user) = user else {
            return Ok(Outcome::Over);
        };
        if !user.state.may_sign_in() {
            return Ok(Outcome::Over);
        }
        let given = sessions::second_factor_at(db, &session.id)?;
        match session.family.decide(presented.generation, now) {
            RefreshDecision::Rotate(next) => {
                let rotated = db.write_tx(|db| {
                    if users::hold(db, user.key)?.is_none() {
                        return Ok(false);
                    }
                    attendance::note(db, user.key, AttendanceDay::of(now))?;
                    sessions::rotate(db, &session.id, &session.family, &next)
                })?;
                if rotated {
                    session.family = next;
                    return Ok(good(session, user, given));
                }
            }
            RefreshDecision::Repeat => return Ok(good(session, user, given)),
            RefreshDecision::Reuse => {
                db.write_tx(|db| {
                    if sessions::end(db, user.key, &session.id, Ended::Reused, now)? {
                        let action = Action::TokenReused;
                        audit::note(db, action, None, &user.id, Some(&session.id), now)?;
                    }
                    Ok(())
                })?;
                return Ok(Outcome::Reused(session));
            }
            RefreshDecision::Ended | RefreshDecision::Expired | RefreshDecision::Unknown => {
                return Ok(Outcome::Over);
            }
        }
    }
    Err(DbError::Busy(
        "a session is refreshed many times at once".into(),
    ))
}
