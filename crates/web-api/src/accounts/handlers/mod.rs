//! Handlers of accounts, one file an action.

pub(crate) mod begin_image_upload;
pub(crate) mod change_password;
pub(crate) mod change_phone;
pub(crate) mod confirm_verification;
pub(crate) mod consents;
pub(crate) mod delete_profile_image;
pub(crate) mod export;
pub(crate) mod me;
pub(crate) mod receive_image;
pub(crate) mod recover_login_id;
pub(crate) mod refresh;
pub(crate) mod request_verification;
pub(crate) mod reset_password;
pub(crate) mod second_factor;
pub(crate) mod sessions;
pub(crate) mod set_profile_image;
pub(crate) mod show_image;
pub(crate) mod sign_in;
pub(crate) mod sign_in_second;
pub(crate) mod sign_up;
pub(crate) mod social;
pub(crate) mod staff;
mod transport;
pub(crate) mod withdraw;

use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, USER_AGENT};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use domain::account::{ConsentAnswer, ConsentKind};
use serde::Serialize;

use super::{AccountError, Field, Rule};
use crate::http::client::Client;
use crate::http::problem::Problem;

/// Characters of what a device is called.
const DEVICE: usize = 80;

/// Characters of an `Idempotency-Key`, at most.
const LONGEST_KEY: usize = 100;

/// Where a request comes from, as the guard found out.
fn address(request: &HttpRequest) -> IpAddr {
    let client = request
        .extensions()
        .get::<Client>()
        .map(|client| client.address);
    client.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

/// What a device calls itself, fit to be shown.
fn device(request: &HttpRequest) -> String {
    let header = request.headers().get(USER_AGENT);
    let text = header
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    text.trim().chars().take(DEVICE).collect()
}

/// JSON that nobody keeps.
pub(crate) fn answer(status: StatusCode, body: &impl Serialize) -> Result<HttpResponse, Problem> {
    let body =
        serde_json::to_vec(body).map_err(|error| Problem::from(AccountError::internal(error)))?;
    let mut response = HttpResponse::build(status)
        .content_type("application/json")
        .body(body);
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    Ok(response)
}

/// The client's key of a request that may come again; none is fine.
///
/// # Errors
/// 422 for one that is no key, or more than one.
fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let wrong = || AccountError::invalid("Idempotency-Key", Rule::IdempotencyKey);
    let mut values = request.headers().get_all("idempotency-key");
    let (Some(value), more) = (values.next(), values.next()) else {
        return Ok(None);
    };
    let bytes = value.as_bytes();
    let whole = (1..=LONGEST_KEY).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic);
    match value.to_str() {
        Ok(key) if whole && more.is_none() => Ok(Some(key.to_owned())),
        _ => Err(wrong().into()),
    }
}

/// Done, and nothing to say.
pub(crate) fn done() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// Checks fields one by one and tells of all that are wrong.
#[derive(Debug, Default)]
struct Checks(Vec<(Field, Rule)>);

impl Checks {
    fn parse<T: FromStr>(
        &mut self,
        field: Field,
        text: &str,
        rule: impl FnOnce(T::Err) -> Rule,
    ) -> Option<T> {
        let parsed = text.parse().map_err(rule);
        self.keep(field, parsed)
    }

    fn keep<T>(&mut self, field: Field, checked: Result<T, Rule>) -> Option<T> {
        checked.map_err(|rule| self.0.push((field, rule))).ok()
    }

    fn consent(
        &mut self,
        field: Field,
        (kind, agreed, version): (ConsentKind, bool, Option<&str>),
    ) -> Option<ConsentAnswer> {
        let version = match version {
            None => None,
            Some(text) => Some(self.parse(field, text, |_| Rule::Version)?),
        };
        Some(ConsentAnswer {
            kind,
            agreed,
            version,
        })
    }

    /// What was checked, all of which is there unless something was wrong.
    fn finish<T>(self, checked: Option<T>) -> Result<T, Problem> {
        match checked {
            Some(checked) if self.0.is_empty() => Ok(checked),
            _ => Err(AccountError::Invalid(self.0).into()),
        }
    }
}
