//! `POST /auth/phone-verifications`: a code is sent to a number, whoever has it.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use domain::account::{
    AddressKey, PhoneNumber, SendLimit, SendRefusal, Verification, VerificationPurpose,
};

use crate::accounts::keys::What;
use crate::accounts::store::outbox;
use crate::accounts::store::sms_counts::{self, Request};
use crate::accounts::store::verifications::{self, Stored};
use crate::accounts::{AccountError, Accounts, PHONE_OF_VERIFICATION};

/// A code that is on its way.
#[derive(Debug)]
pub(crate) struct Requested {
    pub(crate) id: String,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) resend_after: DateTime<Utc>,
}

impl Accounts {
    /// Counts the request, and where the limits allow it stores the verification and its message, all
    /// in one transaction. Whether somebody has the number makes no difference.
    pub(crate) async fn request_verification(
        &self,
        number: &PhoneNumber,
        purpose: VerificationPurpose,
        address: IpAddr,
    ) -> Result<Requested, AccountError> {
        let now = self.clock.now();
        // Random altogether: the code is computed from it.
        let id = uuid::Uuid::new_v4().to_string();
        let state = Verification::issue(purpose, now);
        let stored = Stored {
            phone: self
                .keys
                .sealer
                .seal(PHONE_OF_VERIFICATION, &number.e164())
                .map_err(AccountError::internal)?,
            phone_index: self.keys.index.of(What::Phone(number)),
            code: self.code_of(&id).hash(&self.keys.codes, &id),
            id,
            state,
        };
        let requested = Requested {
            id: stored.id.clone(),
            expires_at: state.expires_at(),
            resend_after: state.resend_after(),
        };
        let site = AddressKey::site_of(address);
        let site = site.map(|site| self.keys.index.of(What::Site(site)));
        let address = self.keys.index.of(What::Address(address));
        let (limits, price) = (self.settings.sms.limits, self.settings.sms.price);
        let decide = move |db: &mut crate::db::Db| {
            sms_counts::prepare(db, now)?;
            db.write_tx(|db| {
                let request = Request {
                    address: &address,
                    site: site.as_ref(),
                    number: &stored.phone_index,
                    price,
                    limits: &limits,
                    now,
                };
                let decision = sms_counts::decide(db, &request)?;
                if decision.is_ok() {
                    verifications::insert(db, &stored)?;
                    outbox::add(db, &stored.id, state.expires_at(), now)?;
                }
                Ok(decision)
            })
        };
        match self.pool.run(decide).await? {
            Ok(()) => {
                self.wake.notify_one();
                Ok(requested)
            }
            Err(refusal) => Err(refused(refusal)),
        }
    }
}

fn refused(refusal: SendRefusal) -> AccountError {
    let limit = refusal.limit;
    metrics::counter!("sms_refused_total", "limit" => format!("{limit:?}")).increment(1);
    if limit == SendLimit::DailyCost {
        tracing::error!("messages have cost what they may cost in a day: no more are sent");
    }
    AccountError::NoMessage {
        limit,
        retry_at: refusal.retry_at,
    }
}
