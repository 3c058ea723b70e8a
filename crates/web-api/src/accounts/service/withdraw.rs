//! `DELETE /me`: withdrawal (탈퇴), and the receipt of it.

use std::net::IpAddr;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use chrono::{DateTime, TimeDelta, Utc};
use domain::account::{PasswordAttempt, Role};
use domain::clock::later;
use domain::token::{SessionId, Statement, UserId};

use super::staff::is_last_admin;
use crate::accounts::keys::{What, random};
use crate::accounts::social::SocialError;
use crate::accounts::store::audit::{self, Action};
use crate::accounts::store::erasures::{self, Receipt};
use crate::accounts::store::personal::Traces;
use crate::accounts::store::social::proofs;
use crate::accounts::store::users::{self, User};
use crate::accounts::store::{sessions, staff, statements};
use crate::accounts::{AccountError, Accounts, EMAIL_OF_USER, Field, Rule, images, personal};
use crate::db::{Db, DbError, chain};

const PASSWORD: &str = "password";
/// How lately somebody without a password has to have proved who he is.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// How somebody proves that it is still he, before what can't be undone.
#[derive(Debug)]
pub(crate) enum Proof {
    /// By the password; `None` where no password can look like what was typed.
    Password(Option<PasswordAttempt>),
    /// By having signed in, or proved himself, a moment ago: who has no password has nothing else.
    Session,
}

/// What is left of a member when his rows are gone.
struct Left {
    /// That ended.
    sessions: Vec<SessionId>,
    /// Of his pictures, to be deleted.
    files: Vec<String>,
}

/// Why a member isn't erased.
enum Refusal {
    /// There is none any more.
    Gone,
    /// Nobody would be left to administer.
    LastAdmin,
}

impl From<Refusal> for AccountError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Gone => Self::SessionOver,
            Refusal::LastAdmin => Self::LastAdmin,
        }
    }
}

impl Accounts {
    /// Whether somebody has proved in this session, and lately, who he is: a session begins with a
    /// proof.
    pub(crate) async fn is_fresh(
        &self,
        user: i64,
        session: &SessionId,
    ) -> Result<bool, AccountError> {
        let (now, session) = (self.clock.now(), session.clone());
        let began = self
            .pool
            .run(move |db| sessions::open_since(db, user, &session))
            .await?;
        Ok(began.is_some_and(|began| later(began, FRESH) > now))
    }

    /// Erases everything of a member, at once and for good.
    pub(crate) async fn withdraw(
        &self,
        id: UserId,
        session: SessionId,
        proof: Proof,
        address: IpAddr,
    ) -> Result<Receipt, AccountError> {
        let user = self
            .proved_by(PASSWORD, (&id, &session), proof, address)
            .await?;
        let who = self.traces(&user)?;
        let now = self.clock.now();
        let receipt = Base64UrlUnpadded::encode_string(&random::<24>()[..]);
        let given = receipt.clone();
        let work = move |db: &mut Db| {
            let ended = db.write_tx(|db| {
                // Before anything else in it, as its contract wants.
                let administers = user.role == Role::Admin;
                if administers {
                    staff::one_at_a_time(db)?;
                }
                erase(db, &user, &who, (&receipt, &session), now)
            })?;
            if ended.is_err() {
                return Ok(ended);
            }
            // Done whatever becomes of this: what is left of it goes with the next tidying.
            match db.shred() {
                Ok(true) => {}
                Ok(false) => {
                    tracing::warn!("traces of a withdrawal are left in the database's log");
                }
                Err(error) => {
                    tracing::warn!(cause = %chain(&error), "the database's log can't be emptied");
                }
            }
            Ok(ended)
        };
        let ended = self.pool.run(work).await?;
        let Left { sessions, files } = ended?;
        self.revoked.gone(&id);
        self.revoked.ended(&sessions);
        // Marked in the transaction: what can't be deleted now is tried again until it is gone.
        if let Err(error) = self.images.delete_now(&self.pool, files, now).await {
            tracing::warn!(cause = %chain(&error), "a picture of who withdrew is deleted later");
        }
        metrics::counter!("withdrawals_total").increment(1);
        Ok(Receipt {
            id: given,
            erased_at: now,
            chat_done_at: None,
        })
    }

    /// The receipt of a withdrawal, if there is one of this id.
    pub(crate) async fn erasure_receipt(
        &self,
        id: String,
    ) -> Result<Option<Receipt>, AccountError> {
        Ok(self.pool.run(move |db| erasures::receipt(db, &id)).await?)
    }

    /// The member, if the proof is good. `field` is where a password stands, or is missing.
    pub(super) async fn proved_by(
        &self,
        field: Field,
        (id, session): (&UserId, &SessionId),
        proof: Proof,
        address: IpAddr,
    ) -> Result<User, AccountError> {
        match proof {
            Proof::Password(password) => self.proved(field, id, password, address).await,
            Proof::Session => self.proved_by_session(field, id, session).await,
        }
    }

    async fn proved_by_session(
        &self,
        field: Field,
        id: &UserId,
        session: &SessionId,
    ) -> Result<User, AccountError> {
        let (wanted, own, now) = (id.clone(), session.clone(), self.clock.now());
        let found = self.pool.run(move |db| {
            let Some(user) = users::by_id(db, &wanted)? else {
                return Ok(None);
            };
            let proved = proofs::is_fresh(db, user.key, &own, now)?;
            Ok(Some((user, proved)))
        });
        let (user, proved) = found.await?.ok_or(AccountError::SessionOver)?;
        if proved {
            return Ok(user);
        }
        if user.password_hash.is_some() {
            return Err(AccountError::invalid(field, Rule::WrongPassword));
        }
        if self.is_fresh(user.key, session).await? {
            Ok(user)
        } else {
            Err(SocialError::Stale.into())
        }
    }

    /// By what a member is found in the tables.
    fn traces(&self, user: &User) -> Result<Traces, AccountError> {
        let (index, id) = (&self.keys.index, user.id.as_str());
        let account = |name: &str| index.of(What::Account(name));
        let (proofs, codes) = (What::Member(id), What::SecondFactor(id));
        let mut accounts = vec![index.of(proofs), index.of(codes)];
        accounts.extend(user.login_id.as_deref().map(account));
        if let Some(sealed) = &user.email {
            let email = self
                .keys
                .sealer
                .open(EMAIL_OF_USER, sealed)
                .map_err(AccountError::internal)?;
            let email = email.parse::<domain::account::EmailAddress>();
            accounts.extend(email.ok().map(|email| account(&email.key())));
        }
        Ok(Traces {
            key: user.key,
            id: user.id.clone(),
            phone: user.phone_index,
            accounts,
            at: self.clock.now(),
        })
    }
}

/// Erases a member who was read as `proved`; gives what is left of him. Not one who is gone already, and
/// not the last admin: an operator can make another one first, or take his role on the command line.
fn erase(
    db: &mut Db,
    proved: &User,
    who: &Traces,
    (receipt, session): (&str, &SessionId),
    now: DateTime<Utc>,
) -> Result<Result<Left, Refusal>, DbError> {
    if users::hold(db, who.key)?.is_none() {
        return Ok(Err(Refusal::Gone));
    }
    let Some(user) = users::by_key(db, who.key)? else {
        return Ok(Err(Refusal::Gone));
    };
    let same = user.role == proved.role
        && user.password_hash == proved.password_hash
        && user.login_id == proved.login_id
        && user.email == proved.email
        && user.phone_index == proved.phone_index;
    if !same {
        // What he proved, and where his traces are, was another account's than this one is now.
        return Err(DbError::Busy("the account was changed meanwhile".into()));
    }
    if is_last_admin(db, &user)? {
        return Ok(Err(Refusal::LastAdmin));
    }
    let ended = sessions::ids(db, who.key)?;
    let files = images::forget(db, who.key, now)?;
    personal::erase(db, who)?;
    let gone = Statement::UserErased {
        user: who.id.clone(),
    };
    let statement = statements::add(db, &gone, now)?;
    erasures::add_receipt(db, receipt, &statement, now)?;
    erasures::note_gone(db, &who.id, now)?;
    let action = Action::Withdrew;
    audit::note(db, action, Some(&who.id), &who.id, Some(session), now)?;
    Ok(Ok(Left {
        sessions: ended,
        files,
    }))
}
