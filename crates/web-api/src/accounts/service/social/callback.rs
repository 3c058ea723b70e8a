//! `GET /auth/social/{provider}/callback`: somebody is back from a provider.

use domain::clock::later;
use zeroize::Zeroizing;

use super::{LONGEST, secret};
use crate::accounts::social::{
    Authorization, CODE_LIFE, Failure, Person, Provider, Purpose, SUBJECT, Social, SocialError,
    TOKEN, causes,
};
use crate::accounts::store::social::exchanges::{self, Exchange, Named};
use crate::accounts::store::social::flows::{self, Flow};
use crate::accounts::store::social::unlinks;
use crate::accounts::{AccountError, Accounts};
use crate::db::Db;

/// Longest code of a provider that is looked at.
const LONGEST_CODE: usize = 2_048;

/// What a provider sends somebody back with.
#[derive(Debug, Default)]
pub(crate) struct Back {
    pub(crate) state: Option<String>,
    pub(crate) code: Option<Zeroizing<String>>,
    /// `error`, by RFC 6749 (4.1.2.1).
    pub(crate) error: Option<String>,
    /// The cookie of his browser.
    pub(crate) browser: Option<String>,
}

/// Where he goes next.
#[derive(Debug)]
pub(crate) struct Landing {
    /// One of the settings' places.
    pub(crate) return_to: String,
    /// What for he went, where that is known.
    pub(crate) purpose: Option<Purpose>,
    /// The one-time code.
    pub(crate) code: Result<Zeroizing<String>, Failure>,
}

impl Accounts {
    /// Finds out who came back, and gives a code for it that is good for a minute, once, in the browser
    /// that began. What fails is told at the place where he is sent.
    ///
    /// # Errors
    /// Only where there is no such place: a provider that isn't offered.
    pub(crate) async fn social_callback(
        &self,
        provider: Provider,
        back: Back,
    ) -> Result<Landing, AccountError> {
        let social = self.social()?;
        let usual = social.of(provider).and_then(|_| social.return_url(None));
        let usual = usual.ok_or(AccountError::Social(SocialError::NotOffered))?;
        let nowhere = |failure| Landing {
            return_to: usual.to_owned(),
            purpose: None,
            code: Err(failure),
        };
        let landing = match self.flow(provider, &back).await {
            Ok(Ok(flow)) => {
                let code = self.named(social, &flow, &back).await;
                Landing {
                    return_to: flow.return_to,
                    purpose: Some(flow.purpose),
                    code,
                }
            }
            Ok(Err(failure)) => nowhere(failure),
            Err(error) => {
                // Logged where errors become answers; he is sent back all the same.
                drop(crate::http::problem::Problem::from(error));
                nowhere(Failure::ServerError)
            }
        };
        let result = landing
            .code
            .as_ref()
            .map_or_else(|failure| failure.code(), |_| "code");
        let provider = provider.as_str();
        metrics::counter!("social_callbacks_total", "provider" => provider, "result" => result)
            .increment(1);
        Ok(landing)
    }

    /// The way that he is back from; it is over with that.
    async fn flow(
        &self,
        provider: Provider,
        back: &Back,
    ) -> Result<Result<Flow, Failure>, AccountError> {
        let Some(state) = back.state.as_deref().filter(|state| state.len() <= LONGEST) else {
            return Ok(Err(Failure::InvalidState));
        };
        let state = self.state_hash(state);
        let browser = back
            .browser
            .as_deref()
            .filter(|cookie| cookie.len() <= LONGEST);
        let browser = browser.map(|cookie| self.browser_hash(cookie));
        let now = self.clock.now();
        let work = move |db: &mut Db| {
            db.write_tx(|db| {
                let Some(flow) = flows::find(db, &state)? else {
                    return Ok(Err(Failure::InvalidState));
                };
                // What another browser shows isn't used up: it isn't his.
                if browser != Some(flow.browser) {
                    return Ok(Err(Failure::OtherBrowser));
                }
                if !flows::end(db, &state)? || flow.provider != provider {
                    return Ok(Err(Failure::InvalidState));
                }
                Ok(if now >= flow.expires_at {
                    Err(Failure::Expired)
                } else {
                    Ok(flow)
                })
            })
        };
        Ok(self.pool.run(work).await?)
    }

    /// Whom the provider names.
    async fn named(
        &self,
        social: &Social,
        flow: &Flow,
        back: &Back,
    ) -> Result<Zeroizing<String>, Failure> {
        if let Some(error) = back.error.as_deref() {
            return Err(match error {
                "access_denied" => Failure::Denied,
                "server_error" | "temporarily_unavailable" => Failure::ProviderUnavailable,
                _ => Failure::ProviderRefused,
            });
        }
        let code = back
            .code
            .as_deref()
            .filter(|code| code.len() <= LONGEST_CODE);
        let code = code.ok_or(Failure::ProviderRefused)?;
        let state = back.state.as_deref().unwrap_or_default();
        let authorization = Authorization {
            code,
            state,
            verifier: self.of_state("social verifier", state),
            nonce: self.of_state("social nonce", state),
            now: self.clock.now(),
            purpose: flow.purpose,
        };
        let person = social.person(flow.provider, &authorization).await;
        let person = person.map_err(|error| {
            let provider = flow.provider.as_str();
            let cause = causes(&error);
            if error.is_of_the_settings() {
                tracing::error!(provider, cause, "the client isn't set up at the provider");
            } else {
                tracing::warn!(provider, cause, "a provider names nobody");
            }
            error.failure()
        })?;
        let kept = self.keep(flow, &person).await.map_err(|error| {
            drop(crate::http::problem::Problem::from(error));
            Failure::ServerError
        })?;
        kept.ok_or(Failure::StillUnlinking)
    }

    /// Keeps whom the provider named until the code is redeemed; `None` where the provider is just being told
    /// that he left, so that it isn't known what becomes of what he agreed to now.
    async fn keep(
        &self,
        flow: &Flow,
        person: &Person,
    ) -> Result<Option<Zeroizing<String>>, AccountError> {
        let seal = |place: &str, text: &str| {
            let sealed = self.keys.sealer.seal(place, text);
            sealed.map_err(AccountError::internal)
        };
        let token = person
            .token
            .as_ref()
            .map(|token| seal(TOKEN, token))
            .transpose()?;
        let code = secret();
        let exchange = Exchange {
            code: self.code_hash(&code),
            purpose: flow.purpose,
            browser: flow.browser,
            named: Named {
                provider: flow.provider,
                subject_index: self.subject_index(flow.provider, &person.subject),
                subject: seal(SUBJECT, &person.subject)?,
                token,
            },
            expires_at: later(self.clock.now(), CODE_LIFE),
        };
        let now = self.clock.now();
        let work = move |db: &mut Db| {
            exchanges::insert(db, &exchange)?;
            // Only now: whoever is about to tell has seen the code by then, or is seen.
            let Named {
                provider,
                subject_index,
                ..
            } = &exchange.named;
            db.write_tx(|db| unlinks::drop_waiting(db, *provider, subject_index, now))
        };
        let dropped = self.pool.run(work).await?;
        Ok(dropped.then_some(code))
    }
}
