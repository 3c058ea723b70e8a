//! What a code will stand for: what was asked for, and since when the person is signed in at the provider.

use chrono::{DateTime, Utc};

use super::{Context, Provider, Wrong, authorize::Parameters, grants::Grant};
use crate::gate;

/// What the person agrees to. `by_hand`: he chose himself on the page, and so has signed in there.
pub(super) fn grant(
    context: &Context,
    provider: Provider,
    parameters: &Parameters,
    person: String,
    by_hand: bool,
    wrong: &gate::Wrong<Wrong>,
) -> Grant {
    let get = |name: &str| parameters.get(name).cloned();
    let scope = match provider {
        Provider::Kakao => kakao_scope(context, get("scope").as_deref()),
        Provider::Naver => String::new(),
        Provider::Google => get("scope").unwrap_or_default(),
    };
    let signed_in = signed_in(context, provider, parameters, &person, by_hand);
    Grant {
        provider,
        person,
        redirect_uri: get("redirect_uri").unwrap_or_default(),
        scope,
        nonce: get("nonce"),
        // Naver ignores what it doesn't know.
        challenge: get("code_challenge").filter(|_| provider != Provider::Naver),
        signed_in: signed_in.filter(|_| !wrong.has(&Wrong::NoAuthTime)),
        issued: context.handle.clock.now(),
        used: false,
    }
}

/// Kakao gives what the service set up for everybody where no scope is asked for; with OpenID
/// Connect switched on, that includes `openid`.
fn kakao_scope(context: &Context, asked: Option<&str>) -> String {
    let oidc = context.handle.config.kakao_oidc;
    match asked.filter(|scope| !scope.is_empty()) {
        Some(asked) => {
            let scopes = asked.split([' ', ',']);
            let known: Vec<&str> = scopes.filter(|scope| oidc || *scope != "openid").collect();
            known.join(" ")
        }
        None if oidc => "profile_nickname account_email openid".to_owned(),
        None => "profile_nickname account_email".to_owned(),
    }
}

/// When the person signed in at the provider, where the provider will say so: a cookie keeps him signed in
/// there, and only Naver and Kakao can be asked to have him sign in anew.
fn signed_in(
    context: &Context,
    provider: Provider,
    parameters: &Parameters,
    person: &str,
    by_hand: bool,
) -> Option<DateTime<Utc>> {
    let is = |name: &str, value: &str| parameters.get(name).is_some_and(|given| given == value);
    let (anew, said) = match provider {
        Provider::Naver => (is("auth_type", "reauthenticate"), false),
        Provider::Google => (false, asks_for_auth_time(parameters)),
        Provider::Kakao => (is("prompt", "login"), true),
    };
    let now = context.handle.clock.now();
    let mut state = context.handle.lock();
    let since = state.grants.session(provider, person, anew || by_hand, now);
    said.then_some(since)
}

/// `claims` of OpenID Connect Core (5.5).
fn asks_for_auth_time(parameters: &Parameters) -> bool {
    let claims = parameters.get("claims").map_or("", String::as_str);
    let claims: serde_json::Value = serde_json::from_str(claims).unwrap_or_default();
    let of_id_token = claims.get("id_token");
    of_id_token.is_some_and(|claims| claims.get("auth_time").is_some())
}
