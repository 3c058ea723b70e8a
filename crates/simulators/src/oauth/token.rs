//! What the three token endpoints have in common.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use percent_encoding::percent_decode_str;

use super::{
    Context, Person, Provider, Wrong,
    grants::{CodeProblem, Exchange, Token},
};
use crate::gate;

/// Why no token is given. Each provider says it in its own form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    UnknownClient,
    WrongSecret,
    GrantType(String),
    Missing(&'static str),
    Code(CodeProblem),
    RefreshToken,
}

/// What is to be given.
#[derive(Debug)]
pub(crate) struct Redeemed {
    pub(crate) person: Person,
    pub(crate) scope: String,
    pub(crate) nonce: Option<String>,
    /// `auth_time`, where it is to be said.
    pub(crate) signed_in: Option<DateTime<Utc>>,
    /// Whether a token was refreshed rather than a code exchanged.
    pub(crate) refreshed: bool,
}

type Form = BTreeMap<String, String>;

/// A parameter that must be there and not empty.
pub(crate) fn required<'a>(form: &'a Form, name: &'static str) -> Result<&'a str, Problem> {
    let value = form.get(name).map(String::as_str);
    value
        .filter(|value| !value.is_empty())
        .ok_or(Problem::Missing(name))
}

/// Id and secret of HTTP Basic, each encoded as in a form.
pub(crate) fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    Some((decode(id), decode(secret)))
}

/// Checks id and secret in the form.
pub(crate) fn check_client(
    context: &Context,
    provider: Provider,
    form: &Form,
    wrong: &gate::Wrong<Wrong>,
) -> Result<(), Problem> {
    let client = context.handle.config.client(provider);
    if required(form, "client_id")? != client.id {
        return Err(Problem::UnknownClient);
    }
    let secret = form.get("client_secret");
    if secret != Some(&client.secret) || wrong.has(&Wrong::InvalidClient) {
        return Err(Problem::WrongSecret);
    }
    Ok(())
}

/// Exchanges a code or refreshes a token.
pub(crate) fn redeem(
    context: &Context,
    provider: Provider,
    form: &Form,
    wrong: &gate::Wrong<Wrong>,
) -> Result<Redeemed, Problem> {
    match required(form, "grant_type")? {
        "authorization_code" => {
            let exchange = Exchange {
                provider,
                code: required(form, "code")?,
                redirect_uri: form.get("redirect_uri").map(String::as_str),
                verifier: form.get("code_verifier").map(String::as_str),
            };
            if wrong.has(&Wrong::InvalidGrant) {
                return Err(Problem::Code(CodeProblem::Unknown));
            }
            let handle = &context.handle;
            let now = handle.clock.now();
            let lifetime = handle.config.code_lifetime;
            let grant = handle.lock().grants.exchange(&exchange, now, lifetime);
            let grant = grant.map_err(Problem::Code)?;
            let person = handle.person(&grant.person);
            Ok(Redeemed {
                person: person.ok_or(Problem::Code(CodeProblem::Unknown))?,
                scope: grant.scope,
                nonce: grant.nonce,
                signed_in: grant.signed_in,
                refreshed: false,
            })
        }
        "refresh_token" => {
            let name = required(form, "refresh_token")?;
            let token = context.handle.lock().grants.refresher(provider, name);
            let token = token.filter(|_| !wrong.has(&Wrong::InvalidGrant));
            let token = token.ok_or(Problem::RefreshToken)?;
            let person = context.handle.person(&token.person);
            Ok(Redeemed {
                person: person.ok_or(Problem::RefreshToken)?,
                scope: token.scope,
                nonce: None,
                signed_in: None,
                refreshed: true,
            })
        }
        other => Err(Problem::GrantType(other.to_owned())),
    }
}

/// A token to read with, for so long.
pub(crate) fn access(
    context: &Context,
    provider: Provider,
    redeemed: &Redeemed,
    lifetime: TimeDelta,
) -> String {
    let expires = Some(context.handle.clock.now() + lifetime);
    issue(context, provider, redeemed, expires)
}

/// A token to refresh with.
pub(crate) fn refresh(context: &Context, provider: Provider, redeemed: &Redeemed) -> String {
    issue(context, provider, redeemed, None)
}

fn issue(
    context: &Context,
    provider: Provider,
    redeemed: &Redeemed,
    expires: Option<DateTime<Utc>>,
) -> String {
    let token = Token {
        provider,
        person: redeemed.person.id.clone(),
        scope: redeemed.scope.clone(),
        expires,
    };
    context.handle.lock().grants.issue_token(token)
}

/// The person whom a profile is about: another one where a fault says so.
pub(crate) fn shown(context: &Context, person: Person, wrong: &gate::Wrong<Wrong>) -> Person {
    if !wrong.has(&Wrong::OtherSubject) {
        return person;
    }
    let mut people = context.handle.people().into_iter();
    people.find(|other| other.id != person.id).unwrap_or(person)
}
