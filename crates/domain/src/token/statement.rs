//! What web-api tells chat-server: that a session has ended, a member is suspended or is let in
//! again, a member has withdrawn.
//!
//! A statement is a JWS signed with the key of access tokens, and told from them by `typ`
//! ([`STATEMENT_TYPE`]) and `aud` ([`STATEMENT_AUDIENCE`]): neither passes for the other. It is sent
//! until it is acknowledged, so it may come several times (the same `jti`) and out of order; whoever
//! gets it does what it says once more, which changes nothing. An ended session and an erased member
//! are never taken back. A suspension is, so the latest counts, by `toe` and not by when it arrives:
//! from [`Statement::UserSuspended`] on no token of the member is good, whenever it was issued, until a
//! [`Statement::UserReinstated`] of a later `toe`. Of the same second, the suspension counts; web-api
//! tells a reinstatement at least a second after the suspension that it ends. Names of claims are
//! RFC 7519's, `toe` RFC 8417's.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Audience, OpaqueIdError, SessionId, StatementId, TokenRulesError, UserId, later};

/// `typ` of the header.
pub const STATEMENT_TYPE: &str = "statement+jwt";
/// Whom statements are for: `aud`.
pub const STATEMENT_AUDIENCE: &str = "pillnuts-chat-statements";
/// How long one signature is good: each try to send is signed anew.
pub const STATEMENT_LIFE: TimeDelta = TimeDelta::minutes(5);

/// Something that chat-server has to act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// A session has ended: its sockets have to.
    SessionRevoked {
        /// The session.
        session: SessionId,
        /// Whose it was.
        user: UserId,
    },
    /// A member is shut out: all his sockets have to end, and no token of his is good, also none that
    /// is issued later.
    UserSuspended {
        /// The member.
        user: UserId,
        /// Until when, where that is known. To be shown; it ends by [`Statement::UserReinstated`].
        until: Option<DateTime<Utc>>,
    },
    /// A suspension has ended: the member's tokens are good again.
    UserReinstated {
        /// The member.
        user: UserId,
    },
    /// A member has withdrawn: everything that is known of him has to go.
    UserErased {
        /// The member that there was.
        user: UserId,
    },
}

impl Statement {
    /// The name of its kind: `event` of the claims.
    #[must_use]
    pub const fn event(&self) -> &'static str {
        match self {
            Self::SessionRevoked { .. } => "sessionRevoked",
            Self::UserSuspended { .. } => "userSuspended",
            Self::UserReinstated { .. } => "userReinstated",
            Self::UserErased { .. } => "userErased",
        }
    }

    /// Whom it is about.
    #[must_use]
    pub const fn user(&self) -> &UserId {
        match self {
            Self::SessionRevoked { user, .. }
            | Self::UserSuspended { user, .. }
            | Self::UserReinstated { user }
            | Self::UserErased { user } => user,
        }
    }
}

/// A statement with its name and moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// Names the delivery: the same at every try.
    pub id: StatementId,
    /// When it happened; whole seconds.
    pub at: DateTime<Utc>,
    /// What.
    pub statement: Statement,
}

/// The claims as they are signed. Nothing is believed yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawStatement {
    /// Issuer.
    pub iss: String,
    /// Audience.
    pub aud: Audience,
    /// Signed at, seconds since 1970.
    pub iat: i64,
    /// Good until, seconds since 1970.
    pub exp: i64,
    /// Names the delivery.
    pub jti: String,
    /// When it happened, seconds since 1970.
    pub toe: i64,
    /// What happened.
    pub event: String,
    /// Whom it is about.
    pub sub: String,
    /// The session that has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// Until when somebody is suspended, seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

/// Why a statement isn't believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// Another `iss`.
    #[error("iss is not the expected issuer")]
    Issuer,
    /// Another `aud`.
    #[error("aud does not name the receiver of statements")]
    Audience,
    /// Signed too long ago, or for longer than a signature is good.
    #[error("iat and exp are not the ends of a present life of at most 5 minutes")]
    Life,
    /// `toe` is no moment, or lies ahead.
    #[error("toe is not a moment of the past")]
    Moment,
    /// `sub`, `sid` or `jti` is missing or no id.
    #[error("sub, sid or jti is not an id")]
    Id,
    /// An event that nobody knows.
    #[error("event is none of sessionRevoked, userSuspended, userReinstated, userErased")]
    Event,
}

impl From<OpaqueIdError> for StatementError {
    fn from(_: OpaqueIdError) -> Self {
        Self::Id
    }
}

/// Whose statements are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementRules {
    issuer: String,
    leeway: TimeDelta,
}

impl StatementRules {
    /// Rules for one issuer, the one of access tokens. `leeway` is how far the clocks of two servers
    /// may be apart.
    ///
    /// # Errors
    /// [`TokenRulesError`], as for access tokens.
    pub fn new(issuer: &str, leeway: TimeDelta) -> Result<Self, TokenRulesError> {
        // The same limits.
        super::TokenRules::new(issuer, STATEMENT_AUDIENCE, leeway)?;
        Ok(Self {
            issuer: issuer.to_owned(),
            leeway,
        })
    }

    /// What to sign to send it now.
    #[must_use]
    pub fn issue(&self, stated: &Stated, now: DateTime<Utc>) -> RawStatement {
        let (sid, until) = match &stated.statement {
            Statement::SessionRevoked { session, .. } => (Some(session.as_str().to_owned()), None),
            Statement::UserSuspended { until, .. } => (None, until.map(|until| until.timestamp())),
            Statement::UserReinstated { .. } | Statement::UserErased { .. } => (None, None),
        };
        RawStatement {
            iss: self.issuer.clone(),
            aud: Audience::One(STATEMENT_AUDIENCE.to_owned()),
            iat: now.timestamp(),
            exp: later(now, STATEMENT_LIFE).timestamp(),
            jti: stated.id.as_str().to_owned(),
            toe: stated.at.timestamp(),
            event: stated.statement.event().to_owned(),
            sub: stated.statement.user().as_str().to_owned(),
            sid,
            until,
        }
    }

    /// What a statement says whose signature is right.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn check(&self, raw: &RawStatement, now: DateTime<Utc>) -> Result<Stated, StatementError> {
        if raw.iss != self.issuer {
            return Err(StatementError::Issuer);
        }
        if !raw.aud.names(STATEMENT_AUDIENCE) {
            return Err(StatementError::Audience);
        }
        let life = |seconds| DateTime::from_timestamp(seconds, 0).ok_or(StatementError::Life);
        let (issued_at, expires_at) = (life(raw.iat)?, life(raw.exp)?);
        let lives = expires_at.signed_duration_since(issued_at);
        let present = later(now, self.leeway) >= issued_at && now < later(expires_at, self.leeway);
        if lives <= TimeDelta::zero() || lives > STATEMENT_LIFE || !present {
            return Err(StatementError::Life);
        }
        let at = DateTime::from_timestamp(raw.toe, 0).ok_or(StatementError::Moment)?;
        if at > later(now, self.leeway) {
            return Err(StatementError::Moment);
        }
        let user: UserId = raw.sub.parse()?;
        let statement = match raw.event.as_str() {
            "sessionRevoked" => Statement::SessionRevoked {
                session: raw.sid.as_deref().unwrap_or_default().parse()?,
                user,
            },
            "userSuspended" => {
                let until = raw.until.map(|until| DateTime::from_timestamp(until, 0));
                let until = match until {
                    Some(None) => return Err(StatementError::Moment),
                    Some(until) => until,
                    None => None,
                };
                Statement::UserSuspended { user, until }
            }
            "userReinstated" => Statement::UserReinstated { user },
            "userErased" => Statement::UserErased { user },
            _ => return Err(StatementError::Event),
        };
        Ok(Stated {
            id: raw.jti.parse()?,
            at,
            statement,
        })
    }
}
