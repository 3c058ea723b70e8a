//! Slowing those who guess, without a way to lock somebody else out: the rules are
//! [`domain::account::SignInFailures`]'s, the counts are in the store, so that they hold on every instance.

use std::net::IpAddr;

use domain::account::{AddressKey, Failures, SignInFailures, Slowing};
use hmac::{Hmac, KeyInit as _, Mac as _};
use service_kit::secrets::Key32;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{StaffAccounts, StaffError};
use crate::store::FailureCount;
use crate::store::model::{Moment, StaffId};

/// Bytes of a block of SHA-256.
const BLOCK: usize = 64;
/// Codes of one account that may be wrong in 15 minutes, from wherever they come. Only who knows the
/// password gets so far: no stranger can use them up.
const MOST_WRONG_CODES: u32 = 10;

/// What a try is counted under. Neither a name nor an address can be read from them.
pub(super) struct Keys {
    address_on_account: String,
    address: String,
    account: String,
}

impl Keys {
    /// `login` is what was typed, whether it exists or not.
    pub(super) fn of(key: &Key32, login: &str, address: IpAddr) -> Self {
        let address = AddressKey::of(address).get().to_string();
        Self {
            // No address holds a blank.
            address_on_account: keyed(key, "address on account", &format!("{address} {login}")),
            address: keyed(key, "address", &address),
            account: keyed(key, "account", login),
        }
    }

    fn all(&self) -> [&str; 3] {
        [&self.address_on_account, &self.address, &self.account]
    }
}

fn keyed(key: &Key32, name: &str, text: &str) -> String {
    // Filled up with zeros to a block, as HMAC does with a shorter key.
    let mut block = Zeroizing::new([0; BLOCK]);
    for (byte, part) in block.iter_mut().zip(key.expose()) {
        *byte = *part;
    }
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    mac.update(b"console sign-in ");
    mac.update(name.as_bytes());
    mac.update(&[0]);
    mac.update(text.as_bytes());
    let code: [u8; 32] = mac.finalize().into_bytes().into();
    code.iter().map(|byte| format!("{byte:02x}")).collect()
}

const fn failures(count: FailureCount) -> Failures {
    Failures {
        count: count.count,
        last_at: count.last_at,
    }
}

impl StaffAccounts {
    /// Counts a try as a failure before it is looked at: tries at once know of each other.
    pub(super) async fn slowing(
        &self,
        keys: &Keys,
        attempt: &str,
        now: Moment,
    ) -> Result<Slowing, StaffError> {
        let store = &self.0.store;
        for key in keys.all() {
            store.note_failure(key, attempt, now).await?;
        }
        let known = SignInFailures {
            address_on_account: failures(
                store
                    .failures(&keys.address_on_account, attempt, now)
                    .await?,
            ),
            address: failures(store.failures(&keys.address, attempt, now).await?),
            account: store.failures(&keys.account, attempt, now).await?.count,
        };
        let slowing = known.slowing(now.date_time());
        if matches!(slowing, Slowing::Refuse { .. }) {
            // It wasn't looked at.
            self.take_back(keys, attempt).await?;
        }
        Ok(slowing)
    }

    /// The try was no failure.
    pub(super) async fn take_back(&self, keys: &Keys, attempt: &str) -> Result<(), StaffError> {
        for key in keys.all() {
            self.0.store.take_failure_back(key, attempt).await?;
        }
        Ok(())
    }

    /// Somebody has signed in: this address has found its way.
    pub(super) async fn forgive(&self, keys: &Keys) -> Result<(), StaffError> {
        Ok(self.0.store.forgive(&keys.address_on_account).await?)
    }

    /// Counts a code as wrong before it is looked at; `false` where there were too many.
    pub(super) async fn may_try_code(
        &self,
        staff: &StaffId,
        attempt: &str,
        now: Moment,
    ) -> Result<bool, StaffError> {
        let key = code_key(staff);
        self.0.store.note_failure(&key, attempt, now).await?;
        let known = self.0.store.failures(&key, attempt, now).await?;
        Ok(known.count < MOST_WRONG_CODES)
    }

    /// The code was right.
    pub(super) async fn code_was_right(&self, staff: &StaffId) -> Result<(), StaffError> {
        Ok(self.0.store.forgive(&code_key(staff)).await?)
    }
}

fn code_key(staff: &StaffId) -> String {
    format!("code:{}", staff.as_str())
}
