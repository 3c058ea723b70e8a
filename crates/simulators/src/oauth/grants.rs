//! Codes, tokens and links between people and the service.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::Provider;
use crate::text::random_hex;

/// Codes, tokens and requests kept of each kind; the oldest go first.
const KEPT: usize = 10_000;

/// A request to authorise, as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Authorization {
    /// Who was asked.
    pub provider: Provider,
    /// Its parameters.
    pub parameters: BTreeMap<String, String>,
}

/// What a code stands for.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    pub(crate) provider: Provider,
    pub(crate) person: String,
    pub(crate) redirect_uri: String,
    pub(crate) scope: String,
    pub(crate) nonce: Option<String>,
    /// S256.
    pub(crate) challenge: Option<String>,
    /// `auth_time`, where it is to be said.
    pub(crate) signed_in: Option<DateTime<Utc>>,
    pub(crate) issued: DateTime<Utc>,
    pub(crate) used: bool,
}

/// Why a code isn't exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CodeProblem {
    Unknown,
    Used,
    Expired,
    OtherRedirectUri,
    NoVerifier,
    WrongVerifier,
}

/// Whom a token is about.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) provider: Provider,
    pub(crate) person: String,
    pub(crate) scope: String,
    /// `None` for a token that refreshes.
    pub(crate) expires: Option<DateTime<Utc>>,
}

/// What comes with a code to the token endpoint.
#[derive(Debug)]
pub(crate) struct Exchange<'a> {
    pub(crate) provider: Provider,
    pub(crate) code: &'a str,
    /// Naver doesn't ask for it.
    pub(crate) redirect_uri: Option<&'a str>,
    pub(crate) verifier: Option<&'a str>,
}

/// Keeps the newest by insertion; a plain map would grow as long as the process runs.
#[derive(Debug)]
struct Kept<V> {
    values: BTreeMap<String, V>,
    order: VecDeque<String>,
}

impl<V> Default for Kept<V> {
    fn default() -> Self {
        Self {
            values: BTreeMap::new(),
            order: VecDeque::new(),
        }
    }
}

impl<V> Kept<V> {
    fn insert(&mut self, name: String, value: V) {
        self.order.push_back(name.clone());
        self.values.insert(name, value);
        if self.order.len() > KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.values.remove(&oldest);
        }
    }
}

/// All that is remembered about sign-ins.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    codes: Kept<Grant>,
    tokens: Kept<Token>,
    /// Since when.
    links: BTreeMap<(Provider, String), DateTime<Utc>>,
    /// Since when somebody's browser is signed in at a provider.
    sessions: BTreeMap<(Provider, String), DateTime<Utc>>,
    pub(crate) authorizations: VecDeque<Authorization>,
}

impl Grants {
    pub(crate) fn record(&mut self, authorization: Authorization) {
        self.authorizations.push_back(authorization);
        if self.authorizations.len() > KEPT {
            self.authorizations.pop_front();
        }
    }

    /// Since when somebody is signed in at a provider: from now where nobody was, or `anew` is asked for.
    pub(crate) fn session(
        &mut self,
        provider: Provider,
        person: &str,
        anew: bool,
        now: DateTime<Utc>,
    ) -> DateTime<Utc> {
        let session = self.sessions.entry((provider, person.to_owned()));
        let since = session.or_insert(now);
        if anew {
            *since = now;
        }
        *since
    }

    pub(crate) fn end_session(&mut self, provider: Provider, person: &str) {
        self.sessions.remove(&(provider, person.to_owned()));
    }

    pub(crate) fn issue_code(&mut self, grant: Grant) -> String {
        let code = random_hex::<24>();
        self.codes.insert(code.clone(), grant);
        code
    }

    /// A provider's code that was used, or one that never was.
    pub(crate) fn used_code(&self, provider: Provider) -> String {
        let used = self.codes.order.iter().rev().find(|code| {
            let grant = self.codes.values.get(*code);
            grant.is_some_and(|grant| grant.used && grant.provider == provider)
        });
        used.cloned().unwrap_or_else(random_hex::<24>)
    }

    /// Takes a code, once.
    pub(crate) fn exchange(
        &mut self,
        exchange: &Exchange<'_>,
        now: DateTime<Utc>,
        lifetime: Duration,
    ) -> Result<Grant, CodeProblem> {
        let grant = self.codes.values.get_mut(exchange.code);
        let grant = grant
            .filter(|grant| grant.provider == exchange.provider)
            .ok_or(CodeProblem::Unknown)?;
        if std::mem::replace(&mut grant.used, true) {
            return Err(CodeProblem::Used);
        }
        let age = now.signed_duration_since(grant.issued);
        if age > TimeDelta::from_std(lifetime).unwrap_or(TimeDelta::MAX) {
            return Err(CodeProblem::Expired);
        }
        if exchange.provider != Provider::Naver
            && exchange.redirect_uri != Some(grant.redirect_uri.as_str())
        {
            return Err(CodeProblem::OtherRedirectUri);
        }
        if let Some(challenge) = &grant.challenge {
            let verifier = exchange.verifier.ok_or(CodeProblem::NoVerifier)?;
            if URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) != *challenge {
                return Err(CodeProblem::WrongVerifier);
            }
        }
        let grant = grant.clone();
        let link = (grant.provider, grant.person.clone());
        self.links.entry(link).or_insert(now);
        Ok(grant)
    }

    pub(crate) fn issue_token(&mut self, token: Token) -> String {
        let name = random_hex::<32>();
        self.tokens.insert(name.clone(), token);
        name
    }

    /// Whom a token to read with is about.
    pub(crate) fn reader(
        &self,
        provider: Provider,
        token: &str,
        now: DateTime<Utc>,
    ) -> Option<Token> {
        let token = self.tokens.values.get(token)?;
        let valid = token.provider == provider && token.expires.is_some_and(|end| end > now);
        valid.then(|| token.clone())
    }

    /// Whom a token to refresh with is about.
    pub(crate) fn refresher(&self, provider: Provider, token: &str) -> Option<Token> {
        let token = self.tokens.values.get(token)?;
        let valid = token.provider == provider && token.expires.is_none();
        valid.then(|| token.clone())
    }

    /// Whom any token is about, also one that has expired.
    pub(crate) fn any(&self, provider: Provider, token: &str) -> Option<Token> {
        let token = self.tokens.values.get(token)?;
        (token.provider == provider).then(|| token.clone())
    }

    /// Since when somebody is linked to the service.
    pub(crate) fn linked_since(&self, provider: Provider, person: &str) -> Option<DateTime<Utc>> {
        self.links.get(&(provider, person.to_owned())).copied()
    }

    /// Ends a link and every token of it; says whether there was one.
    pub(crate) fn unlink(&mut self, provider: Provider, person: &str) -> bool {
        self.tokens
            .values
            .retain(|_, token| token.provider != provider || token.person != person);
        self.links.remove(&(provider, person.to_owned())).is_some()
    }
}
