//! Where a browser asks a provider to sign somebody in.

use std::collections::BTreeMap;

use axum::{
    Extension,
    extract::{RawQuery, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use url::Url;

use super::{
    Authorization, Context, Decision, Provider, Wrong, asked,
    consent::{self, CHOSEN, REFUSED},
    grants::Grant,
};
use crate::{
    gate,
    text::{self, escape},
};

pub(super) type Parameters = BTreeMap<String, String>;

pub(crate) async fn naver(
    State(context): State<Context>,
    RawQuery(query): RawQuery,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
) -> Response {
    authorize(&context, Provider::Naver, query.as_deref(), &wrong)
}

pub(crate) async fn google(
    State(context): State<Context>,
    RawQuery(query): RawQuery,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
) -> Response {
    authorize(&context, Provider::Google, query.as_deref(), &wrong)
}

pub(crate) async fn kakao(
    State(context): State<Context>,
    RawQuery(query): RawQuery,
    Extension(wrong): Extension<gate::Wrong<Wrong>>,
) -> Response {
    authorize(&context, Provider::Kakao, query.as_deref(), &wrong)
}

fn authorize(
    context: &Context,
    provider: Provider,
    query: Option<&str>,
    wrong: &gate::Wrong<Wrong>,
) -> Response {
    let query = query.unwrap_or_default();
    let mut parameters = text::form(query);
    let chosen = parameters.remove(CHOSEN);
    let refused = parameters.remove(REFUSED).is_some();
    let client = context.handle.config.client(provider);
    if parameters.get("client_id") != Some(&client.id) {
        return refusal(provider, Trouble::Client);
    }
    let redirect_uri = parameters.get("redirect_uri");
    let target = redirect_uri
        .filter(|uri| context.handle.config.may_return_to(uri))
        .and_then(|uri| Url::parse(uri).ok());
    let Some(target) = target else {
        return refusal(provider, Trouble::RedirectUri);
    };
    let callback = Callback {
        target,
        state: state(&parameters, wrong),
    };
    if let Err((error, description)) = check(provider, &parameters) {
        return callback.error(error, description);
    }
    // Who chooses himself on the page has signed in there.
    let by_hand = chosen.is_some();
    let decision = match (refused || wrong.has(&Wrong::Denied), chosen) {
        (true, _) => Decision::Deny,
        (false, Some(person)) => Decision::Approve { person },
        (false, None) => context.handle.lock().decision.clone(),
    };
    if decision == Decision::Ask {
        return consent::page(context, provider, query);
    }
    let authorization = Authorization {
        provider,
        parameters: parameters.clone(),
    };
    context.handle.lock().grants.record(authorization);
    if let Some(error) = wrong.0.iter().find_map(callback_error) {
        return callback.error(error, "forced by a fault");
    }
    match decision {
        Decision::Approve { person } if context.handle.person(&person).is_none() => {
            refusal(provider, Trouble::Person)
        }
        Decision::Approve { person } => {
            let grant = asked::grant(context, provider, &parameters, person, by_hand, wrong);
            approve(context, grant, &callback, wrong)
        }
        Decision::Ask | Decision::Deny => deny(provider, &callback),
    }
}

fn callback_error(wrong: &Wrong) -> Option<&str> {
    match wrong {
        Wrong::CallbackError { error } => Some(error),
        _ => None,
    }
}

fn state(parameters: &Parameters, wrong: &gate::Wrong<Wrong>) -> Option<String> {
    if wrong.has(&Wrong::NoState) {
        None
    } else if wrong.has(&Wrong::OtherState) {
        Some("another-state".to_owned())
    } else {
        parameters.get("state").cloned()
    }
}

fn check(provider: Provider, parameters: &Parameters) -> Result<(), (&'static str, &'static str)> {
    let get = |name: &str| parameters.get(name).map(String::as_str);
    if get("response_type") != Some("code") {
        return Err((
            "unsupported_response_type",
            "response_type: code is expected",
        ));
    }
    if provider == Provider::Naver {
        // Naver insists on a state and knows neither scopes nor PKCE here.
        return match get("state") {
            Some(state) if !state.is_empty() => Ok(()),
            _ => Err(("invalid_request", "state: expected")),
        };
    }
    if provider == Provider::Google && get("scope").is_none_or(str::is_empty) {
        return Err(("invalid_request", "Missing required parameter: scope"));
    }
    match (get("code_challenge"), get("code_challenge_method")) {
        (None, None) => Ok(()),
        (Some(challenge), Some("S256")) if challenge.len() == 43 => Ok(()),
        _ => Err(("invalid_request", "code_challenge: S256 is expected")),
    }
}

fn approve(
    context: &Context,
    grant: Grant,
    callback: &Callback,
    wrong: &gate::Wrong<Wrong>,
) -> Response {
    let (provider, scope) = (grant.provider, grant.scope.clone());
    let code = {
        let mut state = context.handle.lock();
        if wrong.has(&Wrong::ReplayedCode) {
            state.grants.used_code(provider)
        } else {
            state.grants.issue_code(grant)
        }
    };
    let mut answer = vec![("code", code)];
    if provider == Provider::Google {
        answer.push(("scope", scope));
        answer.push(("prompt", "consent".to_owned()));
    }
    callback.answer(&answer)
}

fn deny(provider: Provider, callback: &Callback) -> Response {
    let description = match provider {
        Provider::Naver => "Canceled By User",
        Provider::Google => "",
        Provider::Kakao => "User denied access",
    };
    callback.error("access_denied", description)
}

/// The way back to the service.
struct Callback {
    target: Url,
    state: Option<String>,
}

impl Callback {
    fn error(&self, error: &str, description: &str) -> Response {
        let mut answer = vec![("error", error.to_owned())];
        if !description.is_empty() {
            answer.push(("error_description", description.to_owned()));
        }
        self.answer(&answer)
    }

    fn answer(&self, parameters: &[(&str, String)]) -> Response {
        let mut target = self.target.clone();
        {
            let mut query = target.query_pairs_mut();
            for (name, value) in parameters {
                query.append_pair(name, value);
            }
            if let Some(state) = &self.state {
                query.append_pair("state", state);
            }
        }
        let Ok(location) = HeaderValue::from_str(target.as_str()) else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
    }
}

/// Why nobody is sent back.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    Client,
    RedirectUri,
    Person,
}

/// An address that isn't registered gets no answer: it could be anybody's. People see a page.
fn refusal(provider: Provider, trouble: Trouble) -> Response {
    let (status, text) = match (provider, trouble) {
        (_, Trouble::Person) => (StatusCode::NOT_FOUND, "no such test person"),
        (Provider::Naver, Trouble::Client) => (StatusCode::BAD_REQUEST, "client_id: unknown"),
        (Provider::Naver, Trouble::RedirectUri) => {
            (StatusCode::BAD_REQUEST, "redirect_uri: not registered")
        }
        (Provider::Google, Trouble::Client) => {
            (StatusCode::UNAUTHORIZED, "Error 401: invalid_client")
        }
        (Provider::Google, Trouble::RedirectUri) => {
            (StatusCode::BAD_REQUEST, "Error 400: redirect_uri_mismatch")
        }
        (Provider::Kakao, Trouble::Client) => (StatusCode::BAD_REQUEST, "KOE101"),
        (Provider::Kakao, Trouble::RedirectUri) => (StatusCode::BAD_REQUEST, "KOE006"),
    };
    let page = text::page("로그인할 수 없습니다", &format!("<p>{}</p>", escape(text)));
    (status, page).into_response()
}
