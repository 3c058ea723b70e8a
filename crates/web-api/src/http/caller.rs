//! Who asks: nobody, or a member whose token was believed.

use std::fmt;
use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use domain::account::Role;
use domain::clock::Clock;
use domain::token::{SessionId, UserId};
use service_kit::problem::ProblemKind;
use service_kit::token::{LONGEST_TOKEN, TokenVerifier};

use super::problem::Problem;
use super::problem_texts::Narrow;

/// Somebody whose token was believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// His id, which says nothing of him.
    pub id: UserId,
    /// The sign-in that the token comes from.
    pub session: SessionId,
    /// What he may do.
    pub role: Role,
    /// Whether he is suspended at this moment.
    pub suspended: bool,
    /// Whether he gave his second factor lately: how lately is for [`TokenCheck`] to say, which has
    /// the clock.
    pub second_factor: bool,
}

/// A token that isn't believed. Why is nobody's business but the log's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotBelieved;

/// Tells whose an access token is.
///
/// It runs on a worker, once a request, so it must not wait for anything: what it needs besides the
/// keys (who is suspended, which sessions have ended) it holds in memory.
pub trait TokenCheck: fmt::Debug + Send + Sync {
    /// The member that `token` stands for.
    ///
    /// # Errors
    /// When it isn't to be believed.
    fn check(&self, token: &str) -> Result<Member, NotBelieved>;
}

/// Believes nothing: for a server without keys.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoTokens;

impl TokenCheck for NoTokens {
    fn check(&self, _token: &str) -> Result<Member, NotBelieved> {
        Err(NotBelieved)
    }
}

/// Believes what was signed with our keys, a second factor included. Who is suspended a token says
/// that was issued since; for those before, there is [`crate::accounts::Revoked`].
pub struct SignedTokens {
    verifier: Arc<TokenVerifier>,
    clock: Arc<dyn Clock>,
}

impl SignedTokens {
    /// Checks with this verifier, at the time of this clock.
    pub fn new(verifier: Arc<TokenVerifier>, clock: Arc<dyn Clock>) -> Self {
        Self { verifier, clock }
    }
}

impl fmt::Debug for SignedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedTokens").finish_non_exhaustive()
    }
}

impl TokenCheck for SignedTokens {
    fn check(&self, token: &str) -> Result<Member, NotBelieved> {
        let claims = self.verifier.verify(token, self.clock.now());
        let claims = claims.map_err(|error| {
            tracing::debug!(%error, "an access token isn't believed");
            NotBelieved
        })?;
        Ok(Member {
            id: claims.user,
            session: claims.session,
            role: claims.role,
            suspended: claims.restricted,
            second_factor: claims.second_factor,
        })
    }
}

/// Who asks. [`super::guard`] finds it out before the handler runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Nobody in particular.
    Anonymous,
    /// A member.
    Member(Member),
}

impl Caller {
    /// The member, where there is one.
    pub(crate) fn member(&self) -> Option<&Member> {
        match self {
            Self::Anonymous => None,
            Self::Member(member) => Some(member),
        }
    }
}

/// What a request says of its sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credentials<'r> {
    /// Nothing.
    None,
    /// An access token.
    Bearer(&'r str),
    /// Something that can't be one.
    Broken,
}

impl<'r> Credentials<'r> {
    /// Reads `Authorization`. Schemes other than `Bearer` are a proxy's matter, not ours: they
    /// count as nothing.
    pub(crate) fn of(headers: &'r HeaderMap) -> Self {
        let mut values = headers.get_all(header::AUTHORIZATION);
        let Some(value) = values.next() else {
            return Self::None;
        };
        // Two are never meant; which one counts, proxies may see differently from us.
        if values.next().is_some() {
            return Self::Broken;
        }
        let Ok(text) = value.to_str() else {
            return Self::Broken;
        };
        let (scheme, token) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Self::None;
        }
        let token = token.trim();
        let whole = (1..=LONGEST_TOKEN).contains(&token.len()) && token.bytes().all(is_token_byte);
        if whole {
            Self::Bearer(token)
        } else {
            Self::Broken
        }
    }
}

/// `b64token` of RFC 6750, section 2.1.
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)
}

/// The member, where one has to be signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SignedIn(pub(crate) Member);

/// A member who administers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Admin(pub(crate) Member);

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(found(request))
    }
}

impl FromRequest for SignedIn {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(found(request).and_then(|caller| match caller {
            Caller::Member(member) => Ok(Self(member)),
            Caller::Anonymous => Err(Problem::new(ProblemKind::Unauthorized)),
        }))
    }
}

impl FromRequest for Admin {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let member = SignedIn::from_request(request, payload).into_inner();
        ready(member.and_then(|SignedIn(member)| match member.role {
            Role::Admin => Ok(Self(member)),
            Role::Member | Role::Counsellor => Err(Problem::new(ProblemKind::Forbidden)),
        }))
    }
}

/// The caller that the guard found out. Where no guard ran, nobody may be let in.
fn found(request: &HttpRequest) -> Result<Caller, Problem> {
    request
        .extensions()
        .get::<Caller>()
        .cloned()
        .ok_or_else(|| {
            tracing::error!("a handler asks for its caller on an address that nothing guards");
            Problem::new(ProblemKind::Internal)
        })
}

/// 401 for a token that isn't believed.
pub(crate) fn invalid_token() -> Problem {
    Problem::narrow(ProblemKind::Unauthorized, Narrow::InvalidToken)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{AUTHORIZATION, HeaderMap, HeaderValue};

    use super::Credentials;

    #[test]
    fn only_one_whole_bearer_token_is_one() {
        let long = format!("Bearer {}", "a".repeat(4_097));
        for (values, expected) in [
            (
                &["Bearer a.b-c_d~e+f/g="][..],
                Credentials::Bearer("a.b-c_d~e+f/g="),
            ),
            (&["bearer  abc "], Credentials::Bearer("abc")),
            (&[], Credentials::None),
            (&["Basic dXNlcjpwYXNz"], Credentials::None),
            (&[""], Credentials::None),
            (&["Bearer"], Credentials::Broken),
            (&["Bearer "], Credentials::Broken),
            (&["Bearer a b"], Credentials::Broken),
            (&["Bearer a,b"], Credentials::Broken),
            (&["Bearer a", "Bearer a"], Credentials::Broken),
            (&["Basic x", "Bearer a"], Credentials::Broken),
            (&[long.as_str()], Credentials::Broken),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(
                    AUTHORIZATION,
                    HeaderValue::from_str(value).expect("a value"),
                );
            }
            assert_eq!(Credentials::of(&headers), expected, "{values:?}");
        }
        let mut headers = HeaderMap::new();
        headers.append(
            AUTHORIZATION,
            HeaderValue::from_bytes(b"Bearer \xff").expect("bytes"),
        );
        assert_eq!(Credentials::of(&headers), Credentials::Broken);
    }
}
