//! What tests in other processes change: faults, the clock, people, what they say, keys, unlinking.

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{delete, get, post, put},
};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::{Authorization, Decision, Handle, Person, Provider, Referrer, WebhookError};
use crate::control;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unlink {
    person: String,
    referrer_type: Referrer,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Webhook {
    url: Option<String>,
}

pub(crate) fn routes(handle: &Handle) -> Router {
    let own = Router::new()
        .route("/decision", put(decide))
        .route("/people", get(people).put(set_person))
        .route("/authorizations", get(authorizations))
        .route("/links/{provider}/{person}", get(link))
        .route("/sessions/{provider}/{person}", delete(sign_out))
        .route("/keys/{provider}/rotate", post(rotate))
        .route("/keys/{provider}/retire", post(retire))
        .route("/kakao/webhook", put(set_webhook))
        .route("/kakao/unlink", post(unlink))
        .with_state(handle.clone());
    control::routes(&handle.faults, &handle.clock).merge(own)
}

async fn decide(State(handle): State<Handle>, Json(decision): Json<Decision>) -> StatusCode {
    handle.decide(decision);
    StatusCode::NO_CONTENT
}

async fn people(State(handle): State<Handle>) -> Json<Vec<Person>> {
    Json(handle.people())
}

async fn set_person(State(handle): State<Handle>, Json(person): Json<Person>) -> StatusCode {
    handle.set_person(person);
    StatusCode::NO_CONTENT
}

async fn authorizations(State(handle): State<Handle>) -> Json<Vec<Authorization>> {
    Json(handle.authorizations())
}

async fn link(
    State(handle): State<Handle>,
    Path((provider, person)): Path<(Provider, String)>,
) -> Response {
    let Some(known) = handle.person(&person) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let linked = handle.is_linked(provider, &person);
    Json(json!({"linked": linked, "subject": known.subject(provider)})).into_response()
}

async fn sign_out(
    State(handle): State<Handle>,
    Path((provider, person)): Path<(Provider, String)>,
) -> StatusCode {
    handle.sign_out(provider, &person);
    StatusCode::NO_CONTENT
}

async fn rotate(State(handle): State<Handle>, Path(provider): Path<Provider>) -> StatusCode {
    handle.rotate_keys(provider);
    StatusCode::NO_CONTENT
}

async fn retire(State(handle): State<Handle>, Path(provider): Path<Provider>) -> StatusCode {
    handle.retire_keys(provider);
    StatusCode::NO_CONTENT
}

async fn set_webhook(State(handle): State<Handle>, Json(webhook): Json<Webhook>) -> Response {
    match webhook.url.as_deref().map(Url::parse).transpose() {
        Ok(url) => {
            handle.set_webhook(url);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, format!("url: {error}")).into_response(),
    }
}

async fn unlink(State(handle): State<Handle>, Json(unlink): Json<Unlink>) -> Response {
    match handle
        .unlink_at_kakao(&unlink.person, unlink.referrer_type)
        .await
    {
        Ok(status) => Json(json!({"status": status})).into_response(),
        Err(error @ (WebhookError::NotLinked | WebhookError::NotLocal)) => {
            (StatusCode::CONFLICT, error.to_string()).into_response()
        }
        Err(error @ WebhookError::Request(_)) => {
            (StatusCode::BAD_GATEWAY, error.to_string()).into_response()
        }
    }
}
