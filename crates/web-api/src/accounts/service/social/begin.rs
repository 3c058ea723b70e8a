//! `GET /auth/social/{provider}`: somebody is sent to a provider.

use domain::clock::later;
use zeroize::Zeroizing;

use super::{LONGEST, secret};
use crate::accounts::social::{FLOW_LIFE, Provider, Purpose, SocialError, SocialRule};
use crate::accounts::store::social::flows::{self, Flow};
use crate::accounts::{AccountError, Accounts, Rule};

/// What somebody wants of a provider.
#[derive(Debug)]
pub(crate) struct Begin {
    pub(crate) provider: Provider,
    pub(crate) purpose: Purpose,
    /// Where the front end wants him back; without it, at the usual place.
    pub(crate) return_to: Option<String>,
    /// The cookie of his browser, if it has one.
    pub(crate) browser: Option<String>,
}

/// Where he goes, and what his browser keeps meanwhile.
#[derive(Debug)]
pub(crate) struct Begun {
    pub(crate) address: String,
    pub(crate) cookie: Zeroizing<String>,
}

impl Accounts {
    /// Begins a way to a provider and back.
    pub(crate) async fn social_begin(&self, begin: Begin) -> Result<Begun, AccountError> {
        let social = self.social()?;
        let client = social.of(begin.provider);
        let client = client.ok_or(AccountError::Social(SocialError::NotOffered))?;
        let return_to = social
            .return_url(begin.return_to.as_deref())
            .ok_or_else(|| AccountError::invalid("returnTo", Rule::Social(SocialRule::ReturnTo)))?
            .to_owned();
        // One cookie for every tab of a browser: each may be on a way of its own.
        let kept = begin.browser.filter(|cookie| is_ours(cookie));
        let cookie = kept.map_or_else(secret, Zeroizing::new);
        let state = secret();
        let flow = Flow {
            state: self.state_hash(&state),
            provider: begin.provider,
            purpose: begin.purpose,
            browser: self.browser_hash(&cookie),
            return_to,
            expires_at: later(self.clock.now(), FLOW_LIFE),
        };
        self.pool.run(move |db| flows::insert(db, &flow)).await?;
        let verifier = self.of_state("social verifier", &state);
        let nonce = self.of_state("social nonce", &state);
        let address = client.address(begin.purpose, &state, &verifier, &nonce);
        let (provider, purpose) = (begin.provider.as_str(), begin.purpose.as_str());
        metrics::counter!("social_begun_total", "provider" => provider, "purpose" => purpose)
            .increment(1);
        Ok(Begun {
            address: address.into(),
            cookie,
        })
    }
}

/// Whether a cookie looks like one that we gave.
fn is_ours(cookie: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (43..=LONGEST).contains(&cookie.len()) && cookie.bytes().all(letter)
}
