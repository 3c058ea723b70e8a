//! What members do with other services, one file an action.

mod begin;
mod callback;
mod exchange;
mod link;
mod notice;
mod reauthenticate;
mod sign_up;
mod sign_up_once;

pub(crate) use begin::Begin;
pub(crate) use callback::{Back, Landing};
pub(crate) use exchange::{Exchanged, MayExchange};
pub(crate) use notice::is_kakaos;
pub(crate) use reauthenticate::Proof;
pub(crate) use sign_up::NewSocialMember;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

use crate::accounts::keys::{What, random};
use crate::accounts::social::{Provider, Purpose, Social, SocialError, SocialRule};
use crate::accounts::store::social::exchanges::{self, Exchange};
use crate::accounts::{AccountError, Accounts, Field, Rule};
use crate::db::{Db, DbError};

/// The field of a body that an exchange code comes in.
pub(crate) const CODE: Field = "exchangeCode";
/// Longest code, state or cookie that is looked at; ours have 43 characters.
const LONGEST: usize = 200;

/// 256 bits that nobody can guess, for addresses and cookies.
fn secret() -> Zeroizing<String> {
    Zeroizing::new(Base64UrlUnpadded::encode_string(&random::<32>()[..]))
}

impl Accounts {
    /// The providers, if there are any.
    fn social(&self) -> Result<&Social, AccountError> {
        let social = self.social.as_ref();
        social.ok_or(AccountError::Social(SocialError::NotOffered))
    }

    fn hash(&self, name: &'static str, text: &str) -> [u8; 32] {
        self.keys.index.of(What::Social(name, text))
    }

    fn state_hash(&self, state: &str) -> [u8; 32] {
        self.hash("social state", state)
    }

    fn browser_hash(&self, cookie: &str) -> [u8; 32] {
        self.hash("social browser", cookie)
    }

    fn code_hash(&self, code: &str) -> [u8; 32] {
        self.hash("social code", code)
    }

    fn subject_index(&self, provider: Provider, subject: &str) -> [u8; 32] {
        self.hash(provider.subject(), subject)
    }

    /// What is computed from a state, so that it stands nowhere: PKCE's verifier and the nonce.
    fn of_state(&self, name: &'static str, state: &str) -> Zeroizing<String> {
        let hash = self.keys.code_source.of(What::Social(name, state));
        Zeroizing::new(Base64UrlUnpadded::encode_string(&hash))
    }

    /// What is looked for, of a code that a browser shows.
    fn shown(&self, may: MayExchange) -> Result<Shown, AccountError> {
        let cookie = may.browser.filter(|cookie| cookie.len() <= LONGEST);
        let cookie = cookie.ok_or_else(unknown_code)?;
        if may.code.len() > LONGEST {
            return Err(unknown_code());
        }
        Ok(Shown {
            code: self.code_hash(&may.code),
            browser: self.browser_hash(&cookie),
        })
    }
}

/// A code that a browser shows, by the hashes of both.
#[derive(Debug, Clone, Copy)]
struct Shown {
    code: [u8; 32],
    browser: [u8; 32],
}

impl Shown {
    /// Redeems it: of many who try at once, one is first. In the transaction that makes something of whom it
    /// stands for, so that he is never seen to have left in between.
    fn redeem(
        &self,
        db: &mut Db,
        purpose: Purpose,
        now: DateTime<Utc>,
    ) -> Result<Option<Exchange>, DbError> {
        let found = exchanges::find(db, &self.code, purpose, Some(&self.browser), now)?;
        match found {
            Some(found) if exchanges::end(db, &self.code)? => Ok(Some(found)),
            _ => Ok(None),
        }
    }
}

fn unknown_code() -> AccountError {
    AccountError::invalid(CODE, Rule::Social(SocialRule::Code))
}
