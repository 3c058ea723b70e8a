//! `POST /chat/v1/internal/statements`: what web-api states (docs/chat-protocol.md).
//!
//! An acknowledgement (204) means that it is done. Everything else is told again by web-api, for ever: so
//! what isn't understood is refused, and carried out by the version of this server that understands it.

use std::time::Duration;

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use domain::token::{Stated, Statement, StatementError, UserId};
use service_kit::problem::{LocalText, ProblemKind};
use service_kit::token::{LONGEST_TOKEN, StatementRefusal, TokenError};

use super::Rest;
use super::body::{bytes, is_of};
use super::failure::{Failure, chain};
use super::guard::ClientAddress;
use super::limits::Budget;
use crate::store::ChangeError;
use crate::store::model::Person;

/// The type of the body.
const CONTENT_TYPE: &str = "application/jwt";
/// How long a statement's name is kept. One that comes still later is carried out again, which changes
/// nothing.
const NOTED: TimeDelta = TimeDelta::days(30);
/// Until every instance has read that a member is gone, and what his sockets had begun is done: then
/// nothing is written behind the erasure.
const EVERYBODY_KNOWS: Duration = Duration::from_millis(1_200);

pub(super) async fn take(
    State(rest): State<Rest>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    request: Request,
) -> Result<StatusCode, Failure> {
    let over = |wait| Failure::new(ProblemKind::TooManyRequests).after(wait);
    rest.limits
        .look(Budget::BadStatements, address)
        .map_err(over)?;
    let read = read(&rest, request).await;
    let stated = match read {
        Ok(stated) => stated,
        Err(failure) => {
            rest.limits
                .take(Budget::BadStatements, address)
                .map_err(over)?;
            return Err(failure);
        }
    };
    let (jti, now) = (stated.id.as_str().to_owned(), rest.now());
    if rest.store().statement_done(&jti, now).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    let (event, at) = (stated.statement.event(), stated.at);
    carry_out(&rest, stated).await?;
    rest.store().note_statement(&jti, now.plus(NOTED)).await?;
    metrics::counter!("chat_statements_total", "event" => event).increment(1);
    tracing::info!(event, %at, "a statement was carried out");
    Ok(StatusCode::NO_CONTENT)
}

async fn read(rest: &Rest, request: Request) -> Result<Stated, Failure> {
    if !is_of(request.headers(), CONTENT_TYPE) {
        return Err(Failure::new(ProblemKind::UnsupportedMediaType));
    }
    let body = bytes(request, LONGEST_TOKEN).await?;
    let text = str::from_utf8(&body).map_err(|_| Failure::new(ProblemKind::MalformedRequest))?;
    let now = rest.parts.clock.now();
    let stated = rest.parts.statements.verify(text.trim(), now);
    stated.map_err(|refusal| {
        tracing::warn!(%refusal, "a statement is refused");
        refused(refusal)
    })
}

fn refused(refusal: StatementRefusal) -> Failure {
    let kind = match refusal {
        StatementRefusal::Token(TokenError::NoKeys) => ProblemKind::Unavailable,
        StatementRefusal::Token(TokenError::Shape)
        | StatementRefusal::Claims(StatementError::Id | StatementError::Moment) => {
            ProblemKind::MalformedRequest
        }
        StatementRefusal::Token(_)
        | StatementRefusal::Claims(
            StatementError::Issuer | StatementError::Audience | StatementError::Life,
        ) => ProblemKind::Unauthorized,
        StatementRefusal::Claims(StatementError::Event) => {
            return Failure::narrow(
                ProblemKind::ValidationFailed,
                "unknown_event",
                LocalText::new("알 수 없는 이벤트", "Unknown event"),
                LocalText::new(
                    "이 서버가 아직 모르는 이벤트입니다.",
                    "This version of the server does not know the event yet.",
                ),
            );
        }
    };
    Failure::new(kind)
}

async fn carry_out(rest: &Rest, stated: Stated) -> Result<(), Failure> {
    let (revoked, toe) = (&rest.parts.revoked, stated.at);
    match stated.statement {
        Statement::SessionRevoked { session, .. } => revoked.session(session, toe).await?,
        Statement::UserSuspended { user, .. } => revoked.user_suspended(user, toe).await?,
        Statement::UserReinstated { user } => revoked.user_reinstated(user, toe).await?,
        Statement::UserErased { user } => erase(rest, user, toe).await?,
    }
    Ok(())
}

async fn erase(rest: &Rest, user: UserId, toe: DateTime<Utc>) -> Result<(), Failure> {
    rest.parts.revoked.user_erased(user.clone(), toe).await?;
    tokio::time::sleep(EVERYBODY_KNOWS).await;
    let person = Person::Member(user);
    let erased = rest.store().erase(&person, rest.now()).await;
    erased.map_err(|error| match error {
        ChangeError::Store(error) => error.into(),
        ChangeError::Refused(refusal) => {
            tracing::error!(error = %chain(&refusal), "a person can't be erased");
            Failure::new(ProblemKind::Unavailable)
        }
    })
}
