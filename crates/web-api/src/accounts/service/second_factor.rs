//! Second factors: setting one up, proving it, removing it.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use domain::account::{FAILURE_MEMORY, Slowing};
use domain::clock::later;
use domain::token::{SessionId, UserId};
use zeroize::Zeroizing;

use super::change_password::CURRENT;
use super::withdraw::Proof as Oneself;
use crate::accounts::keys::What;
use crate::accounts::store::audit::{self, Action, Line};
use crate::accounts::store::failures;
use crate::accounts::store::security::{self, Factor, Proof};
use crate::accounts::store::sessions::{self, Ended};
use crate::accounts::store::users::{self, User};
use crate::accounts::totp::{self, Entered, FactorError, Proposal};
use crate::accounts::{AccountError, Accounts, Rule};
use crate::db::{Db, DbError};

/// Codes of one account that may be wrong within [`FAILURE_MEMORY`], from wherever they come. Only
/// who knows the password gets so far as to enter one: no stranger can use them up.
const MOST_WRONG: u32 = 10;
/// The field that a code stands in.
const CODE: &str = "code";

fn internal(error: FactorError) -> AccountError {
    AccountError::internal(error)
}

impl Accounts {
    pub(super) async fn with_factor(
        &self,
        id: UserId,
    ) -> Result<Option<(User, Option<Factor>)>, DbError> {
        self.pool
            .run(move |db| {
                let Some(user) = users::by_id(db, &id)? else {
                    return Ok(None);
                };
                let factor = security::factor(db, user.key)?;
                Ok(Some((user, factor)))
            })
            .await
    }

    /// Uses a code of a confirmed second factor up, if it is right.
    pub(super) async fn prove_factor(
        &self,
        user: &User,
        factor: &Factor,
        code: &str,
        address: IpAddr,
    ) -> Result<(), AccountError> {
        let proof = self.looked_at(user, factor, code, address).await?;
        let (key, id, now) = (user.key, user.id.clone(), self.clock.now());
        let used = self
            .pool
            .run(move |db| {
                db.write_tx(|db| {
                    let good = security::consume(db, key, &proof)?;
                    if good && matches!(proof, Proof::Recovery { .. }) {
                        let action = Action::RecoveryCodeUsed;
                        audit::note(db, action, Some(&id), &id, None, now)?;
                    }
                    Ok(good)
                })
            })
            .await?;
        // Somebody else was faster with the same code.
        used.then_some(()).ok_or(AccountError::WrongSecondFactor)
    }

    /// What a code proves. Noted as wrong before it is looked at, and taken back where it was right:
    /// tries at once know of each other.
    async fn looked_at(
        &self,
        user: &User,
        factor: &Factor,
        code: &str,
        address: IpAddr,
    ) -> Result<Proof, AccountError> {
        let entered =
            Entered::read(code).ok_or_else(|| AccountError::invalid(CODE, Rule::FactorCode))?;
        let now = self.clock.now();
        let account = self.keys.index.of(What::SecondFactor(user.id.as_str()));
        let address = self.keys.index.of(What::Address(address));
        let key = user.key;
        let known = self
            .pool
            .run(move |db| {
                db.write_tx(|db| {
                    security::hold(db, key)?;
                    let known = failures::known(db, &account, &address, now)?;
                    let looked_at = matches!(known.slowing(now), Slowing::Hold(_));
                    if looked_at && known.account < MOST_WRONG {
                        failures::note(db, &account, &address, now)?;
                    }
                    Ok(known)
                })
            })
            .await?;
        match known.slowing(now) {
            Slowing::Refuse { retry_at } => return Err(AccountError::Slowed { retry_at }),
            Slowing::Hold(_) if known.account >= MOST_WRONG => {
                let retry_at = later(now, FAILURE_MEMORY);
                return Err(AccountError::Slowed { retry_at });
            }
            Slowing::Hold(hold) => tokio::time::sleep(hold).await,
        }
        let id = user.id.clone();
        let (sealer, index) = (&self.keys.sealer, &self.keys.index);
        let proof = totp::prove(sealer, index, id.as_str(), factor, &entered, now);
        let proof = proof.map_err(internal)?;
        let right = proof.is_some();
        let noted = move |db: &mut Db| {
            if right {
                failures::take_back(db, &account, &address, now)?;
                return failures::forgive(db, &account, &address);
            }
            let line = failed(&id, "secondFactor", now);
            audit::add(db, &line)
        };
        self.pool.run(noted).await?;
        proof.ok_or(AccountError::WrongSecondFactor)
    }

    /// A new secret, which counts once a code of it was entered.
    pub(crate) async fn propose_factor(
        &self,
        id: UserId,
        session: &SessionId,
        proof: Oneself,
        address: IpAddr,
    ) -> Result<Proposal, AccountError> {
        let user = self
            .proved_by(CURRENT, (&id, session), proof, address)
            .await?;
        if !user.role.needs_second_factor() {
            return Err(AccountError::OtherRole);
        }
        let account = user.login_id.as_deref().unwrap_or(id.as_str());
        let proposal = totp::propose(&self.keys.sealer, id.as_str(), account).map_err(internal)?;
        let (key, sealed) = (user.key, proposal.sealed.clone());
        let stored = self
            .pool
            .run(move |db| db.write_tx(|db| security::propose(db, key, &sealed)))
            .await?;
        if !stored {
            return Err(AccountError::SecondFactorExists);
        }
        Ok(proposal)
    }

    /// Takes a secret into use, by a code of it; gives the recovery codes.
    pub(crate) async fn confirm_factor(
        &self,
        id: UserId,
        session: SessionId,
        code: &str,
        address: IpAddr,
    ) -> Result<Vec<Zeroizing<String>>, AccountError> {
        let found = self.with_factor(id.clone()).await?;
        let (user, factor) = found.ok_or(AccountError::SessionOver)?;
        let factor = factor.filter(|factor| !factor.confirmed);
        let factor = factor.ok_or(AccountError::NoSecondFactor)?;
        let proof = self.looked_at(&user, &factor, code, address).await?;
        let Proof::Step(step) = proof else {
            return Err(AccountError::WrongSecondFactor);
        };
        let (codes, hashes) = totp::recovery_codes(&self.keys.index, id.as_str());
        let now = self.clock.now();
        let confirmed = self
            .pool
            .run(move |db| {
                db.write_tx(|db| {
                    let secret = &factor.secret;
                    if !security::confirm(db, user.key, secret, step, &hashes, now)? {
                        return Ok(false);
                    }
                    sessions::give_second_factor(db, user.key, &session, now)?;
                    let action = Action::FactorEnrolled;
                    audit::note(db, action, Some(&id), &id, Some(&session), now)?;
                    Ok(true)
                })
            })
            .await?;
        confirmed
            .then_some(codes)
            .ok_or(AccountError::NoSecondFactor)
    }

    /// Removes the second factor, by a proof and a code; ends every session.
    pub(crate) async fn remove_factor(
        &self,
        id: UserId,
        session: &SessionId,
        proof: Oneself,
        code: &str,
        address: IpAddr,
    ) -> Result<(), AccountError> {
        let user = self
            .proved_by(CURRENT, (&id, session), proof, address)
            .await?;
        let key = user.key;
        let factor = self.pool.run(move |db| security::factor(db, key)).await?;
        let factor = factor.filter(|factor| factor.confirmed);
        let factor = factor.ok_or(AccountError::NoSecondFactor)?;
        self.prove_factor(&user, &factor, code, address).await?;
        let now = self.clock.now();
        let ended = self
            .pool
            .run(move |db| {
                db.write_tx(|db| {
                    security::drop_factor(db, key)?;
                    let why = Ended::FactorRemoved;
                    let ended = sessions::end_others(db, key, None, why, now)?;
                    audit::note(db, Action::FactorRemoved, Some(&id), &id, None, now)?;
                    audit::ended(db, Some(&id), &id, &ended, why, now)?;
                    Ok(ended)
                })
            })
            .await?;
        self.revoked.ended(&ended);
        Ok(())
    }
}

/// A line of somebody unknown who failed to be this member.
pub(super) fn failed<'a>(subject: &'a UserId, at_what: &'a str, at: DateTime<Utc>) -> Line<'a> {
    Line {
        action: Action::SignInFailed,
        actor: None,
        subject: Some(subject),
        session: None,
        detail: Some(at_what),
        at,
    }
}
