//! Before a handler: how often, who, and whether a page of somebody else's asks in his name.

use std::net::{IpAddr, Ipv4Addr};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, header};
use axum::middleware::Next;
use axum::response::IntoResponse as _;
use domain::account::Role;
use domain::token::AccessClaims;
use service_kit::problem::{LocalText, ProblemKind};
use service_kit::request_id::RequestId;
use service_kit::token::TokenError;

use super::failure::Failure;
use super::limits::Budget;
use super::{Allowed, Rest};
use crate::http::{self, Peer};
use crate::identity::Staff;

/// Where a request comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClientAddress(pub(super) IpAddr);

/// Lets through who may ask, and gives failures the caller's language.
pub(super) async fn guard(
    State((rest, allowed)): State<(Rest, Allowed)>,
    mut request: Request,
    next: Next,
) -> Response<Body> {
    let language = http::language(request.headers());
    let id = request.extensions().get::<RequestId>().cloned();
    let response = match admit(&rest, allowed, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(failure) => failure.into_response(),
    };
    match response.extensions().get::<Failure>() {
        Some(failure) => http::answer(&failure.problem(language, id)),
        None => response,
    }
}

async fn admit(rest: &Rest, allowed: Allowed, request: &mut Request) -> Result<(), Failure> {
    let peer = request.extensions().get::<Peer>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Peer(peer)| *peer);
    let address = http::client_address(&rest.parts.proxies, peer, request.headers());
    request.extensions_mut().insert(ClientAddress(address));
    if allowed == Allowed::Anybody {
        return Ok(());
    }
    let over = |wait| Failure::new(ProblemKind::TooManyRequests).after(wait);
    rest.limits.take(Budget::Requests, address).map_err(over)?;
    // Of its own: nobody else may look at a request that is waited for.
    let headers = request.headers().clone();
    let staff = match bearer(&headers)? {
        Some(token) if allowed != Allowed::Console => of_token(rest, token)?,
        Some(_) => return Err(Failure::new(ProblemKind::Unauthorized)),
        None => of_cookie(rest, &headers, !request.method().is_safe()).await?,
    };
    if allowed == Allowed::Admin && !staff.admin {
        return Err(Failure::new(ProblemKind::Forbidden));
    }
    request.extensions_mut().insert(staff);
    Ok(())
}

/// The token of the `Authorization` header, where there is one: then nothing else counts.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Failure> {
    let unauthorized = || Failure::new(ProblemKind::Unauthorized);
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(unauthorized());
    }
    let text = value.to_str().map_err(|_| unauthorized())?;
    let (scheme, token) = text.split_once(' ').ok_or_else(unauthorized)?;
    let bearer = scheme.eq_ignore_ascii_case("bearer");
    bearer.then_some(Some(token)).ok_or_else(unauthorized)
}

fn of_token(rest: &Rest, token: &str) -> Result<Staff, Failure> {
    let now = rest.parts.clock.now();
    let claims = rest.parts.verifier.verify(token, now).map_err(|error| {
        tracing::debug!(%error, "an access token is refused");
        Failure::new(match error {
            TokenError::NoKeys => ProblemKind::Unavailable,
            _ => ProblemKind::Unauthorized,
        })
    })?;
    if !rest.parts.revoked.is_ready() {
        return Err(Failure::new(ProblemKind::Unavailable));
    }
    if rest.parts.revoked.refuses(&claims) {
        return Err(Failure::new(ProblemKind::Unauthorized));
    }
    counsels(&claims)?;
    Staff::of_token(&claims).ok_or_else(|| Failure::new(ProblemKind::Forbidden))
}

fn counsels(claims: &AccessClaims) -> Result<(), Failure> {
    match claims.role {
        Role::Counsellor | Role::Admin if claims.second_factor => Ok(()),
        Role::Counsellor | Role::Admin => Err(Failure::narrow(
            ProblemKind::Forbidden,
            "second_factor_required",
            LocalText::new("2단계 인증 필요", "Second factor required"),
            LocalText::new(
                "2단계 인증으로 다시 로그인해 주세요.",
                "Please sign in again with your second factor.",
            ),
        )),
        Role::Member => Err(Failure::new(ProblemKind::Forbidden)),
    }
}

async fn of_cookie(rest: &Rest, headers: &HeaderMap, changes: bool) -> Result<Staff, Failure> {
    let staff = rest.parts.staff.resolve(headers).await?;
    let staff = staff.ok_or_else(|| Failure::new(ProblemKind::Unauthorized))?;
    // A cookie goes along with whatever page asks. Browsers say which page that is with everything that
    // changes something, and `check_origin` has refused those that may not; who says nothing is none.
    if changes && !headers.contains_key(header::ORIGIN) {
        return Err(Failure::narrow(
            ProblemKind::Forbidden,
            "origin_required",
            LocalText::new("Origin 헤더 필요", "Origin required"),
            LocalText::new(
                "쿠키로 로그인한 요청에는 Origin 헤더가 필요합니다.",
                "Requests by cookie that change something need an Origin header.",
            ),
        ));
    }
    Ok(staff)
}
