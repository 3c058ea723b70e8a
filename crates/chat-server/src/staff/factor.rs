//! The second factor of an account: shown at the first sign-in, in use once a code of it was entered.

use chrono::TimeDelta;
use service_kit::totp::{self, Enrolment};

use super::{StaffAccounts, StaffError};
use crate::store::model::{Moment, StaffId};
use crate::store::{Factor, StaffAccount};

/// How long a secret is shown that nobody has confirmed; then there is another.
const PROPOSED: TimeDelta = TimeDelta::minutes(15);
/// How often an account is read again because somebody else has changed it.
const TRIES: u32 = 5;

/// What became of a code.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// Right, and used up.
    Right,
    /// Wrong, used before, or of a secret that isn't shown any more.
    Wrong,
}

fn place(staff: &StaffId) -> String {
    format!("staff.factor:{}", staff.as_str())
}

const fn is_fresh(factor: &Factor, now: Moment) -> bool {
    now.millis() < factor.proposed_at.plus(PROPOSED).millis()
}

impl StaffAccounts {
    /// Looks at a code and uses it up, in one step over all instances.
    pub(super) async fn prove(
        &self,
        mut account: StaffAccount,
        typed: &str,
        now: Moment,
    ) -> Result<Proof, StaffError> {
        let Some(code) = totp::read_code(typed) else {
            return Ok(Proof::Wrong);
        };
        for _ in 0..TRIES {
            let factor = account.factor.as_ref().filter(|_| !account.disabled);
            let Some(factor) = factor.filter(|one| one.confirmed || is_fresh(one, now)) else {
                return Ok(Proof::Wrong);
            };
            let sealer = &self.tools().await?.sealer;
            let secret = sealer.open(&place(&account.id), &factor.sealed)?;
            let step = totp::step_of(&secret, &code, now.date_time())?;
            let Some(step) = step.filter(|step| *step > factor.last_step) else {
                return Ok(Proof::Wrong);
            };
            let used = StaffAccount {
                factor: Some(Factor {
                    confirmed: true,
                    last_step: step,
                    ..factor.clone()
                }),
                ..account.clone()
            };
            if self.0.store.change_staff(&used).await? {
                return Ok(Proof::Right);
            }
            match self.0.store.staff_account(&account.login, now).await? {
                Some(changed) if changed.password == account.password => account = changed,
                // The password that was right isn't any more.
                _ => return Ok(Proof::Wrong),
            }
        }
        Err(StaffError::Contended)
    }

    /// The secret to be taken over by an app, the same again for a while; `None` where one was confirmed
    /// meanwhile.
    pub(super) async fn propose(
        &self,
        mut account: StaffAccount,
        now: Moment,
    ) -> Result<Option<Enrolment>, StaffError> {
        for _ in 0..TRIES {
            let sealer = &self.tools().await?.sealer;
            match &account.factor {
                Some(factor) if factor.confirmed => return Ok(None),
                Some(factor) if is_fresh(factor, now) => {
                    let secret = sealer.open(&place(&account.id), &factor.sealed)?;
                    let again = Enrolment::again(&secret, account.login.as_str())?;
                    return Ok(Some(again));
                }
                _ => {}
            }
            let enrolment = Enrolment::new(account.login.as_str())?;
            let proposed = StaffAccount {
                factor: Some(Factor {
                    sealed: sealer.seal(&place(&account.id), &enrolment.secret)?,
                    confirmed: false,
                    last_step: 0,
                    proposed_at: now,
                }),
                ..account.clone()
            };
            if self.0.store.change_staff(&proposed).await? {
                return Ok(Some(enrolment));
            }
            match self.0.store.staff_account(&account.login, now).await? {
                Some(changed) if changed.password == account.password && !changed.disabled => {
                    account = changed;
                }
                _ => return Ok(None),
            }
        }
        Err(StaffError::Contended)
    }
}
