//! `POST /auth/sessions`: the same answer and the same time whether the name or the password is wrong.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use domain::account::{
    AttendanceDay, EmailAddress, FamilyId, LoginId, PasswordAttempt, RefreshToken, Role,
    SessionFamily, Slowing,
};
use domain::token::{ACCESS_TOKEN_LIFE, SessionId, UserId};
use zeroize::Zeroizing;

use super::Suspension;
use crate::accounts::keys::{What, random};
use crate::accounts::store::audit::{self, Action, Line};
use crate::accounts::store::sessions::{self, Session};
use crate::accounts::store::users::{self, User};
use crate::accounts::store::{attendance, failures, recovery};
use crate::accounts::{AccountError, Accounts, PasswordsError};
use crate::db::{Db, DbError, chain};

/// Sessions of one member, at most: the one that was used least ends when another begins.
pub(crate) const MOST_SESSIONS: i64 = 30;

/// A try.
#[derive(Debug)]
pub(crate) struct SignIn {
    /// A login id or an e-mail address, as it was typed.
    pub(crate) name: String,
    /// `None` where no password can look like what was typed.
    pub(crate) password: Option<PasswordAttempt>,
    pub(crate) address: IpAddr,
    pub(crate) device: String,
}

/// Somebody is signed in.
#[derive(Debug)]
pub(crate) struct Signed {
    pub(crate) access: Zeroizing<String>,
    pub(crate) access_expires_at: DateTime<Utc>,
    pub(crate) refresh: RefreshToken,
    pub(crate) refresh_expires_at: DateTime<Utc>,
    pub(crate) session: SessionId,
    /// Where the session is good for nothing but what is somebody's by law.
    pub(crate) suspended: Option<Suspension>,
}

/// What a name that was typed is looked for as.
enum Name {
    LoginId(LoginId),
    Email([u8; 32]),
    Nobodys,
}

impl Accounts {
    /// Begins a session.
    pub(crate) async fn sign_in(&self, attempt: SignIn) -> Result<Signed, AccountError> {
        let now = self.clock.now();
        let (name, spelling) = self.name(&attempt.name);
        let account = self.keys.index.of(What::Account(&spelling));
        let address = self.keys.index.of(What::Address(attempt.address));
        // Noted as a failure before it is one, and one after another: of tries that come at once, each
        // knows of the others.
        let turn = self.turns.of(&address).await;
        let (known, user) = self
            .pool
            .run(move |db| {
                let known = failures::known(db, &account, &address, now)?;
                if matches!(known.slowing(now), Slowing::Hold(_)) {
                    failures::note(db, &account, &address, now)?;
                }
                let user = match &name {
                    Name::LoginId(login_id) => users::by_login_id(db, login_id)?,
                    Name::Email(index) => users::by_email(db, index)?,
                    Name::Nobodys => None,
                };
                Ok((known, user))
            })
            .await?;
        drop(turn);
        match known.slowing(now) {
            Slowing::Refuse { retry_at } => return Err(AccountError::Slowed { retry_at }),
            Slowing::Hold(hold) => tokio::time::sleep(hold).await,
        }
        let again = attempt.password.clone();
        let right = self.is_right(attempt.password, user.as_ref()).await;
        if !matches!(right, Ok(false)) {
            self.pool
                .run(move |db| failures::take_back(db, &account, &address, now))
                .await?;
        }
        let tried = user.as_ref().map(|user| user.id.clone());
        let user = user.filter(|_| matches!(right, Ok(true)));
        right?;
        let Some(mut user) = user else {
            metrics::counter!("sign_ins_total", "result" => "wrong").increment(1);
            self.refused(tried, "password").await?;
            return Err(AccountError::WrongCredentials);
        };
        self.let_in_again(&mut user).await?;
        if !user.state.may_sign_in() {
            self.refused(tried, user.state.as_str()).await?;
            return Err(AccountError::WrongCredentials);
        }
        user.password_hash = Some(self.rehashed(&user, again).await);
        self.begin(user, attempt.device, move |db| {
            failures::forgive(db, &account, &address)
        })
        .await
    }

    /// Writes down that somebody failed to sign in; as whom, where there is such a member.
    pub(super) async fn refused(
        &self,
        tried: Option<UserId>,
        at_what: &'static str,
    ) -> Result<(), AccountError> {
        let now = self.clock.now();
        let work = move |db: &mut Db| {
            let line = Line {
                action: Action::SignInFailed,
                actor: None,
                subject: tried.as_ref(),
                session: None,
                detail: Some(at_what),
                at: now,
            };
            audit::add(db, &line)
        };
        Ok(self.pool.run(work).await?)
    }

    fn name(&self, typed: &str) -> (Name, String) {
        if let Ok(login_id) = typed.parse::<LoginId>() {
            let spelling = login_id.as_str().to_owned();
            return (Name::LoginId(login_id), spelling);
        }
        match typed.parse::<EmailAddress>() {
            Ok(email) => (
                Name::Email(self.keys.index.of(What::Email(&email))),
                email.key(),
            ),
            Err(_) => (Name::Nobodys, typed.to_owned()),
        }
    }

    /// Whether it is his password; of nobody, or of what can't be one, in the same time: no.
    pub(super) async fn is_right(
        &self,
        password: Option<PasswordAttempt>,
        user: Option<&User>,
    ) -> Result<bool, PasswordsError> {
        let possible = password.is_some();
        let text = password.map_or_else(String::new, |password| password.expose().to_owned());
        let hash = user.and_then(|user| user.password_hash.clone());
        let right = self.passwords.verify(Zeroizing::new(text), hash).await?;
        Ok(right && possible)
    }

    /// The hash of a password that was right; made anew where the cost has changed since, because only
    /// then does every check take the same time. What goes wrong here is no reason not to sign in.
    async fn rehashed(&self, user: &User, password: Option<PasswordAttempt>) -> String {
        let old = user.password_hash.clone().unwrap_or_default();
        let Some(password) = password.filter(|_| self.passwords.is_outdated(&old)) else {
            return old;
        };
        let (key, now) = (user.key, self.clock.now());
        let text = Zeroizing::new(password.expose().to_owned());
        let Ok(new) = self.passwords.hash(text).await else {
            return old;
        };
        let (before, after) = (old.clone(), new.clone());
        let stored = self
            .pool
            .run(move |db| recovery::rehash(db, key, &before, &after, now));
        match stored.await {
            Ok(true) => new,
            Ok(false) => old,
            Err(error) => {
                tracing::warn!(cause = %chain(&error), "a password keeps the hash of another cost");
                old
            }
        }
    }

    /// Stores a session of a member and makes its tokens, unless he has to give his second factor first.
    pub(super) async fn begin(
        &self,
        user: User,
        device: String,
        also: impl Fn(&mut Db) -> Result<(), DbError> + Send + 'static,
    ) -> Result<Signed, AccountError> {
        self.second_factor_first(&user).await?;
        metrics::counter!("sign_ins_total", "result" => "right").increment(1);
        self.begin_with(user, device, false, also).await
    }

    /// The same of one who has given it, or needs none.
    pub(super) async fn begin_with(
        &self,
        user: User,
        device: String,
        second_factor: bool,
        also: impl Fn(&mut Db) -> Result<(), DbError> + Send + 'static,
    ) -> Result<Signed, AccountError> {
        let now = self.clock.now();
        let family = FamilyId::from_random(*random::<16>());
        let id: SessionId = uuid::Uuid::now_v7()
            .to_string()
            .parse()
            .map_err(AccountError::internal)?;
        let session = Session {
            id,
            user: user.key,
            family: SessionFamily::begin(now),
            device,
        };
        let hash = family.hash();
        let (id, role, began) = (user.id.clone(), user.role, session.clone());
        let work = move |db: &mut Db| {
            db.write_tx(|db| {
                // Whoever changes, suspends or withdraws him waits, or was first.
                users::hold(db, user.key)?;
                let stands = users::by_key(db, user.key)?.filter(|now| stands(now, &user));
                let Some(present) = stands else {
                    return Ok(None);
                };
                let suspended = Suspension::of(db, &present)?;
                also(db)?;
                let surplus = surplus(db, user.key, now)?;
                sessions::insert(db, &session, &hash)?;
                if second_factor {
                    sessions::give_second_factor(db, user.key, &session.id, now)?;
                }
                attendance::note(db, user.key, AttendanceDay::of(now))?;
                let why = sessions::Ended::TooMany;
                audit::ended(db, Some(&user.id), &user.id, &surplus, why, now)?;
                let line = Line {
                    action: Action::SignedIn,
                    actor: Some(&user.id),
                    subject: Some(&user.id),
                    session: Some(&session.id),
                    detail: suspended.map(|_| "suspended"),
                    at: now,
                };
                audit::add(db, &line)?;
                Ok(Some((surplus, suspended)))
            })
        };
        let done = self.pool.run(work).await?;
        let (surplus, suspended) = done.ok_or(AccountError::WrongCredentials)?;
        self.revoked.ended(&surplus);
        self.tokens(&id, role, second_factor, (&began, &family), suspended)
    }

    /// Tokens of a session as it stands.
    pub(crate) fn tokens(
        &self,
        user: &UserId,
        role: Role,
        second_factor: bool,
        (session, family): (&Session, &FamilyId),
        suspended: Option<Suspension>,
    ) -> Result<Signed, AccountError> {
        let now = self.clock.now();
        let claims = self.rules.issue(user, &session.id, role, now);
        let claims = claims.with_second_factor(second_factor);
        let claims = match suspended {
            Some(_) => self.rules.restrict(claims),
            None => claims,
        };
        let access = self
            .keys
            .signer
            .sign(&claims)
            .map_err(AccountError::internal)?;
        let refresh_expires_at = session.family.expires_at();
        Ok(Signed {
            access: Zeroizing::new(access),
            access_expires_at: domain::clock::later(now, ACCESS_TOKEN_LIFE),
            refresh: self.keys.refresh.token(family, session.family.generation),
            refresh_expires_at,
            session: session.id.clone(),
            suspended,
        })
    }
}

/// Whether a member is still what he was when he proved who he is: a role or a password that changed
/// meanwhile has ended his sessions, and this one would be left.
fn stands(now: &User, then: &User) -> bool {
    now.state.may_sign_in() && now.role == then.role && now.password_hash == then.password_hash
}

/// Ends the sessions that are too many once one more begins.
fn surplus(db: &mut Db, user: i64, now: DateTime<Utc>) -> Result<Vec<SessionId>, DbError> {
    let open = sessions::open(db, user, now, MOST_SESSIONS.saturating_mul(2))?;
    let kept = usize::try_from(MOST_SESSIONS)
        .unwrap_or(1)
        .saturating_sub(1);
    let mut ended = Vec::new();
    for session in open.into_iter().skip(kept) {
        if sessions::end(db, user, &session.id, sessions::Ended::TooMany, now)? {
            ended.push(session.id);
        }
    }
    Ok(ended)
}
