//! Stand-ins of the sign-ins of Naver, Google and Kakao, each with its own habits.
//!
//! Sources, a provider each:
//! - Naver: `developers.naver.com/docs/login/api` (paths, `expires_in` as a string, `grant_type=delete`,
//!   the envelope of a profile, result codes 024 and 028). That a failing token request answers 200
//!   with `error` in the body is what clients in public repositories see.
//! - Google: its discovery document and "OpenID Connect"/"OAuth 2.0 for Web Server Applications"
//!   (claims, `email_verified`, PKCE, `/revoke`, `Cache-Control` of the keys), and "Security bundle"
//!   (`auth_time` where `claims` asks for it, no way to make somebody sign in anew).
//! - Kakao: `developers.kakao.com/docs/latest/en/kakaologin` (REST API, OIDC, `KOE…` codes, unlink)
//!   and `…/callback` (the unlink webhook: admin key, three fields, three seconds, no redirects).
//! - OpenID Connect Core and RFC 6749, 7636, 7517, 7519 for the rest.
//!
//! Guesses: that Kakao's `auth_time` is that of the session at Kakao; texts of descriptions, and Kakao's code for a wrong PKCE verifier. Stricter than the real
//! ones: PKCE takes S256 only.

mod asked;
mod authorize;
mod config;
mod consent;
mod control;
mod google;
mod grants;
mod handle;
mod id_token;
mod kakao;
mod keys;
mod naver;
mod person;
mod routes;
mod token;
mod webhook;

use std::{net::SocketAddr, sync::Arc};

use axum::{Router, extract::DefaultBodyLimit, middleware, routing::MethodRouter};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::{
    gate::{self, Gate},
    server::{self, Paths, StartError},
};

pub use config::{Client, Config, Decision};
pub use grants::Authorization;
pub use handle::{Faults, Handle};
pub use person::Person;
pub use webhook::{Referrer, WebhookError};

const PATHS: Paths = Paths {
    base: "",
    control: "/_control/oauth",
};
const BODY_LIMIT: usize = 64 * 1024;

/// Who signs people in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provider {
    /// 네이버.
    Naver,
    /// Google.
    Google,
    /// 카카오.
    Kakao,
}

impl Provider {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Naver, Self::Google, Self::Kakao];

    /// The first part of its paths.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Naver => "/naver",
            Self::Google => "/google",
            Self::Kakao => "/kakao",
        }
    }
}

/// What a provider can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Operation {
    NaverAuthorize,
    NaverToken,
    NaverProfile,
    GoogleDiscovery,
    GoogleKeys,
    GoogleAuthorize,
    GoogleToken,
    GoogleUserinfo,
    GoogleRevoke,
    KakaoDiscovery,
    KakaoKeys,
    KakaoAuthorize,
    KakaoToken,
    KakaoUser,
    KakaoUserinfo,
    KakaoUnlink,
}

/// What a provider can do wrong in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Wrong {
    /// The person refuses, whatever the decision is.
    Denied,
    /// The callback says `error=` with this.
    CallbackError {
        /// `server_error` or `temporarily_unavailable`, for example.
        error: String,
    },
    /// The callback carries another `state`.
    OtherState,
    /// The callback carries no `state`.
    NoState,
    /// The callback carries a code that was used before, or one that never was.
    ReplayedCode,
    /// The token endpoint refuses the code in the provider's form.
    InvalidGrant,
    /// The token endpoint refuses the client in the provider's form.
    InvalidClient,
    /// A body that is no JSON, with status 200.
    Garbage,
    /// The ID token is signed by a key that isn't the named one.
    WrongSignature,
    /// The ID token names a key that nobody knows.
    UnknownKey,
    /// The ID token says `alg: none` and has no signature.
    NoSignature,
    /// The ID token carries another nonce.
    WrongNonce,
    /// The ID token carries no nonce.
    NoNonce,
    /// The ID token is for another client.
    WrongAudience,
    /// The ID token is by another issuer.
    WrongIssuer,
    /// The ID token expired an hour ago.
    ExpiredIdToken,
    /// The ID token doesn't say when the person signed in.
    NoAuthTime,
    /// There is no ID token.
    NoIdToken,
    /// The profile is another person's than the ID token's.
    OtherSubject,
    /// Kakao's number of a person comes as text.
    IdAsText,
    /// The published keys lack the one that signs now.
    StaleKeys,
}

/// A fault of this stand-in.
pub type Fault = crate::faults::Fault<Operation, Wrong>;
/// A stand-in that runs; dropping it stops it.
pub type Running = server::Running<Handle>;

#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) handle: Handle,
    pub(crate) base_url: Arc<str>,
    pub(crate) stop: CancellationToken,
}

impl Context {
    /// A provider's own address: what an ID token names as its issuer.
    pub(crate) fn issuer(&self, provider: Provider) -> String {
        format!("{}{}", self.base_url, provider.path())
    }

    fn gated(&self, operation: Operation, routes: MethodRouter<Self>) -> MethodRouter<Self> {
        let gate = Gate {
            operation,
            faults: self.handle.faults.clone(),
            error_page: routes::error_page,
            stop: self.stop.clone(),
        };
        routes.layer(middleware::from_fn_with_state(gate, gate::pass::<_, Wrong>))
    }
}

/// Starts stand-ins of the three providers.
#[derive(Debug)]
pub struct Simulator {
    context: Context,
}

impl Simulator {
    /// Stand-ins that are served until `stop` is cancelled. `base_url` is where browsers and servers
    /// reach them, without a slash at the end: it stands in ID tokens.
    #[must_use]
    pub fn new(config: Config, base_url: &str, stop: CancellationToken) -> Self {
        keys::warm();
        let context = Context {
            handle: Handle::new(config),
            base_url: Arc::from(base_url),
            stop,
        };
        Self { context }
    }

    /// Changes and inspects the stand-ins while they run.
    #[must_use]
    pub fn handle(&self) -> Handle {
        self.context.handle.clone()
    }

    /// Starts all three on a free port of the loopback address.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start(config: Config) -> Result<Running, StartError> {
        server::start(PATHS, |address: SocketAddr, stop| {
            let simulator = Self::new(config, &format!("http://{address}"), stop);
            let handle = simulator.handle();
            (simulator.into_router(), handle)
        })
        .await
    }

    /// The routes, to be served by [`crate::serve`] alone or beside other stand-ins.
    pub fn into_router(self) -> Router {
        let context = self.context;
        let control = control::routes(&context.handle);
        Router::new()
            .merge(routes::naver(&context))
            .merge(routes::google(&context))
            .merge(routes::kakao(&context))
            .layer(DefaultBodyLimit::max(BODY_LIMIT))
            .with_state(context)
            .nest(PATHS.control, control)
    }
}
