//! Keys that a provider signs ID tokens with: fetched when they are needed, kept as long as the
//! provider says, fetched anew when a token names one that isn't among them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64ct::{Base64UrlUnpadded, Encoding as _};
use jsonwebtoken::DecodingKey;
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use super::http::{CallError, Http};

/// Keys of a set, at most; Google has two or three.
const MOST: usize = 16;
/// Bytes of a modulus: 2048 (NIST SP 800-131A asks for as many) to 8192 bits.
const MODULUS: std::ops::RangeInclusive<usize> = 256..=1024;
/// How long keys are kept, whatever the provider says.
const SHORTEST: Duration = Duration::from_secs(5 * 60);
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// Where the provider says nothing.
const USUAL: Duration = Duration::from_secs(60 * 60);
/// From one fetch to the next, at least: tokens that name invented keys don't make us ask for ever.
const PAUSE: Duration = Duration::from_secs(10);

/// The keys of one provider.
#[derive(Debug)]
pub(super) struct Keys {
    url: Url,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    keys: HashMap<String, Arc<DecodingKey>>,
    fetched: Option<Instant>,
    good_until: Option<Instant>,
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Jwk>,
}

/// RFC 7517, with what RFC 7518 (6.3.1) says of RSA.
#[derive(Deserialize)]
struct Jwk {
    kid: Option<String>,
    kty: String,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

impl Keys {
    pub(super) fn new(url: Url) -> Self {
        Self {
            url,
            state: Mutex::default(),
        }
    }

    /// The key of this name, if the provider has it. Who comes while keys are fetched waits for them:
    /// they are asked for once.
    ///
    /// # Errors
    /// Where the keys can't be fetched.
    pub(super) async fn find(
        &self,
        http: &Http,
        kid: &str,
    ) -> Result<Option<Arc<DecodingKey>>, CallError> {
        let mut state = self.state.lock().await;
        let now = Instant::now();
        let good = state.good_until.is_some_and(|until| now < until);
        if good && let Some(key) = state.keys.get(kid) {
            return Ok(Some(Arc::clone(key)));
        }
        let lately = state
            .fetched
            .is_some_and(|at| now.duration_since(at) < PAUSE);
        if !(good && lately) {
            let (keys, life) = self.fetch(http).await?;
            *state = State {
                keys,
                fetched: Some(now),
                good_until: now.checked_add(life),
            };
        }
        Ok(state.keys.get(kid).map(Arc::clone))
    }

    async fn fetch(
        &self,
        http: &Http,
    ) -> Result<(HashMap<String, Arc<DecodingKey>>, Duration), CallError> {
        let answer = http.send(http.get(self.url.clone())).await?;
        if answer.status != 200 {
            return Err(CallError::Status(answer.status));
        }
        let set: Set = answer.json()?;
        if set.keys.len() > MOST {
            return Err(CallError::Unreadable);
        }
        let life = answer.max_age.map_or(USUAL, Duration::from_secs);
        let keys = set.keys.iter().filter_map(usable).collect();
        Ok((keys, life.clamp(SHORTEST, LONGEST)))
    }
}

/// An RSA key for signatures with a name. Others are passed over, as RFC 7517 (5) asks for.
fn usable(jwk: &Jwk) -> Option<(String, Arc<DecodingKey>)> {
    let is = |value: &Option<String>, expected: &str| {
        value.as_deref().is_none_or(|value| value == expected)
    };
    if jwk.kty != "RSA" || !is(&jwk.purpose, "sig") || !is(&jwk.alg, "RS256") {
        return None;
    }
    let kid = jwk
        .kid
        .as_ref()
        .filter(|kid| (1..=200).contains(&kid.len()))?;
    let (n, e) = (jwk.n.as_deref()?, jwk.e.as_deref()?);
    let modulus = Base64UrlUnpadded::decode_vec(n).ok()?;
    if !MODULUS.contains(&modulus.len()) {
        return None;
    }
    let key = DecodingKey::from_rsa_components(n, e).ok()?;
    Some((kid.clone(), Arc::new(key)))
}
