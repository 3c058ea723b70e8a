//! Inspects and changes the stand-ins while they run.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use url::Url;

use super::{
    Authorization, Config, Decision, Operation, Person, Provider, Referrer, WebhookError, Wrong,
    grants::{Grants, Token},
    keys::Ring,
    webhook,
};
use crate::Clock;

/// The faults of these stand-ins.
pub type Faults = crate::faults::Faults<Operation, Wrong>;

/// People that can be known.
const MAX_PEOPLE: usize = 10_000;

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) grants: Grants,
    pub(crate) people: Vec<Person>,
    pub(crate) decision: Decision,
    webhook: Option<Url>,
    google: Ring,
    kakao: Ring,
}

/// Inspects and changes running stand-ins. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Handle {
    /// What goes wrong, and what was asked for.
    pub faults: Faults,
    /// The stand-ins' clock.
    pub clock: Clock,
    pub(crate) config: Arc<Config>,
    state: Arc<Mutex<State>>,
}

impl Handle {
    pub(crate) fn new(config: Config) -> Self {
        let state = State {
            grants: Grants::default(),
            people: config.people.clone(),
            decision: config.decision.clone(),
            webhook: config.kakao_webhook.clone(),
            google: Ring::default(),
            kakao: Ring::default(),
        };
        Self {
            faults: Faults::default(),
            clock: Clock::default(),
            config: Arc::new(config),
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// No holder of the lock can leave half a change behind, so a poisoned lock is as good as new.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What people say on the consent page from now on.
    pub fn decide(&self, decision: Decision) {
        self.lock().decision = decision;
    }

    /// Everybody that the providers know.
    #[must_use]
    pub fn people(&self) -> Vec<Person> {
        self.lock().people.clone()
    }

    /// Somebody that the providers know.
    #[must_use]
    pub fn person(&self, id: &str) -> Option<Person> {
        let state = self.lock();
        state.people.iter().find(|person| person.id == id).cloned()
    }

    /// Adds somebody, or changes who has the same id. Beyond ten thousand the oldest goes.
    pub fn set_person(&self, person: Person) {
        let mut state = self.lock();
        let known = state.people.iter_mut().find(|known| known.id == person.id);
        if let Some(known) = known {
            *known = person;
            return;
        }
        if state.people.len() >= MAX_PEOPLE {
            state.people.remove(0);
        }
        state.people.push(person);
    }

    /// Whether somebody is linked to the service: from the first exchange of a code until unlinked.
    #[must_use]
    pub fn is_linked(&self, provider: Provider, person: &str) -> bool {
        self.lock().grants.linked_since(provider, person).is_some()
    }

    /// Signs somebody out at a provider, in his own browser: next time he signs in anew.
    pub fn sign_out(&self, provider: Provider, person: &str) {
        self.lock().grants.end_session(provider, person);
    }

    /// Requests to authorise, oldest first.
    #[must_use]
    pub fn authorizations(&self) -> Vec<Authorization> {
        self.lock().grants.authorizations.iter().cloned().collect()
    }

    /// Signs with a new key; the old one stays published. Naver signs nothing.
    pub fn rotate_keys(&self, provider: Provider) {
        self.change_keys(provider, Ring::rotate);
    }

    /// Publishes the newest key only.
    pub fn retire_keys(&self, provider: Provider) {
        self.change_keys(provider, Ring::retire);
    }

    fn change_keys(&self, provider: Provider, change: impl FnOnce(&mut Ring)) {
        let mut state = self.lock();
        match provider {
            Provider::Google => change(&mut state.google),
            Provider::Kakao => change(&mut state.kakao),
            Provider::Naver => {}
        }
    }

    pub(crate) fn ring(&self, provider: Provider) -> Ring {
        let state = self.lock();
        match provider {
            Provider::Google => state.google,
            Provider::Naver | Provider::Kakao => state.kakao,
        }
    }

    /// Where Kakao says that somebody unlinked; it must be on this machine.
    pub fn set_webhook(&self, url: Option<Url>) {
        self.lock().webhook = url;
    }

    /// Somebody unlinks on Kakao's side, and Kakao tells the service once. Gives the service's
    /// status, `None` where no webhook is set.
    ///
    /// # Errors
    /// When the person isn't linked, or the service can't be told.
    pub async fn unlink_at_kakao(
        &self,
        person: &str,
        referrer: Referrer,
    ) -> Result<Option<u16>, WebhookError> {
        let known = self.person(person).ok_or(WebhookError::NotLinked)?;
        let url = {
            let mut state = self.lock();
            if !state.grants.unlink(Provider::Kakao, person) {
                return Err(WebhookError::NotLinked);
            }
            state.webhook.clone()
        };
        let Some(url) = url else { return Ok(None) };
        let status = webhook::send(&self.config, url, known.kakao_id(), referrer).await?;
        Ok(Some(status))
    }

    /// Whom a bearer token is about.
    pub(crate) fn bearer(
        &self,
        provider: Provider,
        headers: &axum::http::HeaderMap,
    ) -> Option<(Token, Person)> {
        let token = bearer_token(headers)?;
        let now = self.clock.now();
        let token = self.lock().grants.reader(provider, token, now)?;
        let person = self.person(&token.person)?;
        Some((token, person))
    }
}

pub(crate) fn bearer_token(headers: &axum::http::HeaderMap) -> Option<&str> {
    let value = headers.get(axum::http::header::AUTHORIZATION)?;
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}
