//! What stands before every handler: who asks, how often, and whether he may.

use std::rc::Rc;
use std::sync::Arc;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, ResponseError as _, web};
use service_kit::problem::ProblemKind;
use service_kit::request_id::RequestId;

use super::access::Level;
use super::caller::{Caller, Credentials, NotBelieved, TokenCheck, invalid_token};
use super::client::Client;
use super::csrf;
use super::problem::Problem;
use super::problem_texts::Narrow;
use super::rate::{Decision, Identity, Limiter, RateClass};
use super::table::{Rule, Rules};
use crate::accounts::Accounts;
use crate::origin::Origin;

/// What the guard asks.
#[derive(Debug)]
pub(crate) struct Guard {
    tokens: Arc<dyn TokenCheck>,
    /// `None` where limits are switched off.
    limiter: Option<Arc<Limiter>>,
}

impl Guard {
    /// With these.
    pub(crate) fn new(tokens: Arc<dyn TokenCheck>, limiter: Option<Arc<Limiter>>) -> Self {
        Self { tokens, limiter }
    }

    /// Who asks. A token that isn't believed is refused also where none is needed: who shows one
    /// means to be somebody, and an answer for nobody would look like his.
    fn caller(&self, credentials: Credentials<'_>) -> Result<Caller, NotBelieved> {
        match credentials {
            Credentials::None => Ok(Caller::Anonymous),
            Credentials::Bearer(token) => self.tokens.check(token).map(Caller::Member),
            Credentials::Broken => Err(NotBelieved),
        }
    }

    async fn take(
        &self,
        class: RateClass,
        caller: Option<&Caller>,
        client: Client,
    ) -> Option<Decision> {
        let limiter = self.limiter.as_ref()?;
        let member = caller.and_then(Caller::member);
        let identity = match member {
            Some(member) if !class.is_by_address() => Identity::Member(member.id.clone()),
            _ => Identity::of_address(client.address),
        };
        Some(limiter.take(class, &identity).await)
    }
}

/// Middleware of every address: budget, token, origin, permission, in this order. Whoever is over
/// his budget learns nothing else.
pub(crate) async fn guarded<B: MessageBody + 'static>(
    rules: Rc<Rules>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let Some(guard) = request.app_data::<web::Data<Guard>>().cloned() else {
        tracing::error!("an app without a guard");
        return Ok(refused(request, &Problem::new(ProblemKind::Internal), None));
    };
    let rule = rules.of(request.method());
    let internal = rule.is_some_and(|rule| rule.access.level == Level::Internal);
    let credentials = if internal {
        Credentials::None
    } else {
        Credentials::of(request.headers())
    };
    let caller = guard.caller(credentials);
    let client = Client::of(&request);
    let class = rules.class(request.method());
    let decision = guard.take(class, caller.as_ref().ok(), client).await;
    if let Some(wait) = decision.and_then(|decision| decision.wait) {
        tracing::debug!(%client, class = class.name(), "over the limit");
        let problem = Problem::narrow(ProblemKind::TooManyRequests, Narrow::RateLimited);
        let problem = problem.with_retry_after(wait);
        return Ok(refused(request, &problem, decision));
    }
    let admitted = caller
        .map_err(|NotBelieved| invalid_token())
        .and_then(|caller| {
            if let Some(rule) = rule.filter(|_| !internal) {
                csrf::check(&request, client)?;
                rule.access.admit(&caller)?;
            }
            Ok(caller)
        });
    let caller = match admitted {
        Ok(caller) => caller,
        Err(problem) => return Ok(refused(request, &problem, decision)),
    };
    let personal = caller.member().is_some();
    request.extensions_mut().insert(caller);
    let mut response = match origin(&request, rule, client) {
        Some(origin) => origin.of(next.call(request)).await?,
        None => next.call(request).await?,
    };
    if let Some(decision) = decision {
        decision.write(response.headers_mut());
    }
    if personal {
        keep_private(response.headers_mut());
    }
    Ok(response.map_into_left_body())
}

/// What the audit says of where a call came from. Whoever only reads what is public leaves none.
fn origin(request: &ServiceRequest, rule: Option<Rule>, client: Client) -> Option<Origin> {
    let rule = rule?;
    if rule.access.level == Level::Public && request.method().is_safe() {
        return None;
    }
    let id = request.extensions().get::<RequestId>().cloned();
    let accounts = request.app_data::<web::Data<Accounts>>();
    Some(Origin {
        request: id.unwrap_or_else(RequestId::generate),
        address: client.address,
        trail: accounts.map(|accounts| Arc::clone(&accounts.keys.trail)),
    })
}

fn refused<B>(
    request: ServiceRequest,
    problem: &Problem,
    decision: Option<Decision>,
) -> ServiceResponse<EitherBody<B>> {
    let mut response = problem.error_response();
    if let Some(decision) = decision {
        decision.write(response.headers_mut());
    }
    request.into_response(response).map_into_right_body()
}

/// What a member is told stays between him and us: no shared cache keeps it, and his own asks before
/// it is shown again, in case that somebody else sits there by then.
fn keep_private(headers: &mut HeaderMap) {
    let value = match headers
        .get(header::CACHE_CONTROL)
        .map(HeaderValue::as_bytes)
    {
        Some(b"no-store") => return,
        Some(_) => "private, no-cache",
        None => "no-store",
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
}

#[cfg(test)]
mod tests;
