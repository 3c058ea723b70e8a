//! The access token: what it says, and when what it says is good.
//!
//! web-api signs it with an Ed25519 key (JWS, `alg: EdDSA`), both servers check it with the public
//! one. The signature is service-kit's matter; here is everything after it, so that both servers
//! decide alike. Names of claims are RFC 7519's, `sid` OpenID Connect's, `typ` RFC 9068's.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

mod statement;

use crate::account::Role;
use crate::clock::later;

pub use statement::{
    RawStatement, STATEMENT_AUDIENCE, STATEMENT_LIFE, STATEMENT_TYPE, Stated, Statement,
    StatementError, StatementRules,
};

/// How long an access token lives (api.md, `POST /auth/sessions`). One that claims more is refused.
pub const ACCESS_TOKEN_LIFE: TimeDelta = TimeDelta::minutes(15);
/// `typ` of its header, which tells it from everything else that is signed with the same key.
pub const ACCESS_TOKEN_TYPE: &str = "at+jwt";
/// How much the clocks of two servers may differ, at most.
pub const MOST_LEEWAY: TimeDelta = TimeDelta::seconds(60);
/// What the audience of a restricted token ends with: `pillnuts` becomes `pillnuts:restricted`.
pub const RESTRICTED: &str = ":restricted";
/// Longest id.
const LONGEST_ID: usize = 64;
/// Longest name of an issuer or an audience.
const LONGEST_NAME: usize = 200;
/// Most audiences of one token.
const MOST_AUDIENCES: usize = 8;

/// Why a text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is 1 to 64 letters, digits, '-' and '_'")]
pub struct OpaqueIdError;

macro_rules! opaque_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = OpaqueIdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let fits = (1..=LONGEST_ID).contains(&text.len())
                    && text
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
                fits.then(|| Self(text.to_owned())).ok_or(OpaqueIdError)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

opaque_id! {
    /// Who somebody is (`sub`): the id of a user, which says nothing of him.
    UserId
}
opaque_id! {
    /// Where he signed in (`sid`): the id of a session, as the list of devices shows it.
    SessionId
}
opaque_id! {
    /// Which statement (`jti`).
    StatementId
}
opaque_id! {
    /// Which key has signed (`kid` of the header).
    KeyId
}

/// What a good access token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessClaims {
    /// Who.
    pub user: UserId,
    /// By which sign-in.
    pub session: SessionId,
    /// As what.
    pub role: Role,
    /// Whether a second factor was given lately enough.
    pub second_factor: bool,
    /// Whether it is a suspended member's, good for nothing but what is his by law. Only rules that
    /// [take such tokens](TokenRules::even_restricted) let this be seen.
    pub restricted: bool,
    /// Since when; whole seconds.
    pub issued_at: DateTime<Utc>,
    /// Until when; whole seconds.
    pub expires_at: DateTime<Utc>,
}

/// The claims as they stand in the token. Nothing is believed yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawClaims {
    /// Subject.
    pub sub: String,
    /// Session.
    pub sid: String,
    /// Role.
    pub role: String,
    /// Whether a second factor was given (a claim of our own). A token without it says no.
    #[serde(default, rename = "secondFactor")]
    pub second_factor: bool,
    /// Whether it is good only for what a suspended member may still do (a claim of our own). Such a
    /// token has an [audience](RESTRICTED) of its own besides, so that who doesn't know this claim
    /// refuses it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub restricted: bool,
    /// Issuer.
    pub iss: String,
    /// Audience.
    pub aud: Audience,
    /// Issued at, seconds since 1970.
    pub iat: i64,
    /// Expires at, seconds since 1970.
    pub exp: i64,
    /// Not before. We set none; where there is one, it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
}

impl RawClaims {
    /// The same of somebody who has, or hasn't, given a second factor.
    #[must_use]
    pub fn with_second_factor(mut self, given: bool) -> Self {
        self.second_factor = given;
        self
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde's skip_serializing_if hands over a reference"
)]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// One name or several (RFC 7519, 4.1.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// A string.
    One(String),
    /// An array.
    Many(Vec<String>),
}

impl Audience {
    fn names(&self, audience: &str) -> bool {
        match self {
            Self::One(name) => name == audience,
            Self::Many(names) => {
                names.len() <= MOST_AUDIENCES && names.iter().any(|name| name == audience)
            }
        }
    }
}

/// Why claims aren't believed. For the log: a client learns only that it isn't signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// Another `iss`.
    #[error("iss is not the expected issuer")]
    Issuer,
    /// Another `aud`.
    #[error("aud does not name the expected audience")]
    Audience,
    /// A suspended member's, where only others' are taken.
    #[error("the token is restricted")]
    Restricted,
    /// `exp` is over.
    #[error("exp has passed")]
    Expired,
    /// `iat` or `nbf` lies ahead.
    #[error("iat or nbf lies in the future")]
    NotYet,
    /// More than 15 minutes between `iat` and `exp`, or less than none, or no moment at all.
    #[error("iat and exp are not the ends of a life of at most 15 minutes")]
    Life,
    /// `sub` is no id.
    #[error("sub is not an id")]
    Subject,
    /// `sid` is no id.
    #[error("sid is not an id")]
    Session,
    /// `role` is none of ours.
    #[error("role is none of member, counsellor, admin")]
    Role,
}

/// Whose tokens are taken, and for whom they have to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRules {
    issuer: String,
    audience: String,
    leeway: TimeDelta,
    restricted: bool,
}

/// Why rules aren't possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenRulesError {
    /// Empty or longer than 200 characters.
    #[error("the issuer and the audience of access tokens have 1 to 200 characters")]
    Name,
    /// Below zero or more than a minute.
    #[error("the leeway of access tokens is 0 to 60 seconds")]
    Leeway,
}

impl TokenRules {
    /// Rules for one issuer and one audience. `leeway` is how far the clocks of two servers may be
    /// apart: a few seconds. Tokens of suspended members aren't taken.
    ///
    /// # Errors
    /// [`TokenRulesError`], at the start and not with the first token.
    pub fn new(issuer: &str, audience: &str, leeway: TimeDelta) -> Result<Self, TokenRulesError> {
        let named = |name: &str| (1..=LONGEST_NAME).contains(&name.len());
        if !named(issuer) || !named(audience) {
            return Err(TokenRulesError::Name);
        }
        if leeway < TimeDelta::zero() || leeway > MOST_LEEWAY {
            return Err(TokenRulesError::Leeway);
        }
        Ok(Self {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            leeway,
            restricted: false,
        })
    }

    /// The same rules, which take tokens of suspended members as well. Whoever uses them has to look at
    /// [`AccessClaims::restricted`].
    #[must_use]
    pub fn even_restricted(mut self) -> Self {
        self.restricted = true;
        self
    }

    /// Changes claims that were [issued](Self::issue) into those of a suspended member.
    #[must_use]
    pub fn restrict(&self, claims: RawClaims) -> RawClaims {
        RawClaims {
            restricted: true,
            aud: Audience::One(self.restricted_audience()),
            ..claims
        }
    }

    fn restricted_audience(&self) -> String {
        format!("{}{RESTRICTED}", self.audience)
    }

    /// Whether claims are restricted, if their audience is one that is taken.
    fn audience(&self, claims: &RawClaims) -> Result<bool, ClaimError> {
        let usual = claims.aud.names(&self.audience);
        // Only now: a usual token costs no second name.
        if !usual && !claims.aud.names(&self.restricted_audience()) {
            return Err(ClaimError::Audience);
        }
        let restricted = claims.restricted || !usual;
        if restricted && !self.restricted {
            return Err(ClaimError::Restricted);
        }
        Ok(restricted)
    }

    /// What to sign for somebody who is signed in, without a second factor.
    #[must_use]
    pub fn issue(
        &self,
        user: &UserId,
        session: &SessionId,
        role: Role,
        now: DateTime<Utc>,
    ) -> RawClaims {
        RawClaims {
            sub: user.as_str().to_owned(),
            sid: session.as_str().to_owned(),
            role: role.as_str().to_owned(),
            second_factor: false,
            restricted: false,
            iss: self.issuer.clone(),
            aud: Audience::One(self.audience.clone()),
            iat: now.timestamp(),
            exp: now
                .timestamp()
                .saturating_add(ACCESS_TOKEN_LIFE.num_seconds()),
            nbf: None,
        }
    }

    /// Whether claims are to be believed, of a token whose signature is right.
    ///
    /// # Errors
    /// The first rule that they break.
    pub fn check(
        &self,
        claims: &RawClaims,
        now: DateTime<Utc>,
    ) -> Result<AccessClaims, ClaimError> {
        if claims.iss != self.issuer {
            return Err(ClaimError::Issuer);
        }
        let restricted = self.audience(claims)?;
        let moment = |seconds| DateTime::from_timestamp(seconds, 0).ok_or(ClaimError::Life);
        let (issued_at, expires_at) = (moment(claims.iat)?, moment(claims.exp)?);
        let life = expires_at.signed_duration_since(issued_at);
        if life <= TimeDelta::zero() || life > ACCESS_TOKEN_LIFE {
            return Err(ClaimError::Life);
        }
        if now >= later(expires_at, self.leeway) {
            return Err(ClaimError::Expired);
        }
        let from = claims.nbf.map_or(Ok(issued_at), moment)?.max(issued_at);
        if later(now, self.leeway) < from {
            return Err(ClaimError::NotYet);
        }
        Ok(AccessClaims {
            user: claims.sub.parse().map_err(|_| ClaimError::Subject)?,
            session: claims.sid.parse().map_err(|_| ClaimError::Session)?,
            role: claims.role.parse().map_err(|_| ClaimError::Role)?,
            second_factor: claims.second_factor,
            restricted,
            issued_at,
            expires_at,
        })
    }
}
