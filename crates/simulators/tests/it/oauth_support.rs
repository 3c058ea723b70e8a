//! A browser and a service in front of the three providers. ID tokens are checked with another
//! library than the stand-in signs with.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::Utc;
use reqwest::Response;
use ring::{digest, signature};
use serde_json::Value;
use simulators::oauth::{Config, Decision, Fault, Provider, Running, Simulator, Wrong};
use url::{Url, form_urlencoded};

use crate::support::client;

pub(crate) const CALLBACK: &str = "http://127.0.0.1:9/callback?from=provider";
pub(crate) const NONCE: &str = "n-0S6_WzA2Mj";
pub(crate) const STATE: &str = "af0ifjsldkj&=한";
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

pub(crate) type Map = BTreeMap<String, String>;

/// Stand-ins where 홍길동 agrees to everything.
pub(crate) async fn start() -> Running {
    start_with(Config::default()).await
}

pub(crate) async fn start_with(config: Config) -> Running {
    let decision = Decision::Approve {
        person: "hong".to_owned(),
    };
    Simulator::start(Config { decision, ..config })
        .await
        .unwrap()
}

pub(crate) fn once(running: &Running, wrong: Wrong) {
    running.handle.faults.add(Fault::answer(wrong).times(1));
}

pub(crate) fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, VERIFIER.as_bytes()))
}

fn authorize_path(provider: Provider) -> &'static str {
    match provider {
        Provider::Naver => "/naver/oauth2.0/authorize",
        Provider::Google => "/google/o/oauth2/v2/auth",
        Provider::Kakao => "/kakao/oauth/authorize",
    }
}

fn client_of(provider: Provider) -> (String, String) {
    let config = Config::default();
    let client = match provider {
        Provider::Naver => config.naver,
        Provider::Google => config.google,
        Provider::Kakao => config.kakao,
    };
    (client.id, client.secret)
}

/// The parameters of an ordinary request to authorise.
pub(crate) fn asking(provider: Provider) -> Map {
    let scope = match provider {
        Provider::Naver => "",
        Provider::Google => "openid email profile",
        Provider::Kakao => "openid,account_email,profile_nickname",
    };
    let challenge = challenge();
    let mut all = vec![
        ("response_type", "code"),
        ("redirect_uri", CALLBACK),
        ("state", STATE),
    ];
    if provider != Provider::Naver {
        all.extend([
            ("scope", scope),
            ("nonce", NONCE),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
    }
    let mut map = to_map(&all);
    map.insert("client_id".to_owned(), client_of(provider).0);
    map
}

pub(crate) fn to_map(pairs: &[(&str, &str)]) -> Map {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

pub(crate) fn encode(map: &Map) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(map)
        .finish()
}

pub(crate) async fn ask(running: &Running, provider: Provider, parameters: &Map) -> Response {
    let path = authorize_path(provider);
    let url = format!("{}{path}?{}", running.base_url, encode(parameters));
    client().get(url).send().await.unwrap()
}

/// What a browser brings back to the service.
pub(crate) async fn callback(response: Response) -> Map {
    let status = response.status();
    let location = response.headers().get("location").cloned();
    let text = response.text().await.unwrap();
    assert_eq!(status, 302, "{text}");
    let url = Url::parse(location.unwrap().to_str().unwrap()).unwrap();
    assert!(url.as_str().starts_with(CALLBACK), "{url}");
    url.query_pairs().into_owned().collect()
}

/// A code, by the ordinary way.
pub(crate) async fn code(running: &Running, provider: Provider) -> String {
    let answer = callback(ask(running, provider, &asking(provider)).await).await;
    assert_eq!(answer["state"], STATE);
    answer["code"].clone()
}

/// What the service sends to exchange a code.
pub(crate) fn exchanging(provider: Provider, code: &str) -> Map {
    let (id, secret) = client_of(provider);
    to_map(&[
        ("grant_type", "authorization_code"),
        ("client_id", &id),
        ("client_secret", &secret),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("state", STATE),
        ("code_verifier", VERIFIER),
    ])
}

/// Status and body of the token endpoint's answer.
pub(crate) async fn token(running: &Running, provider: Provider, form: &Map) -> (u16, Value) {
    let path = match provider {
        Provider::Naver => "/naver/oauth2.0/token",
        Provider::Google => "/google/token",
        Provider::Kakao => "/kakao/oauth/token",
    };
    post(running, path, form, None).await
}

pub(crate) async fn post(
    running: &Running,
    path: &str,
    form: &Map,
    authorization: Option<&str>,
) -> (u16, Value) {
    let url = format!("{}{path}", running.base_url);
    let request = client()
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(encode(form));
    let request = match authorization {
        Some(value) => request.header("authorization", value),
        None => request,
    };
    read(request.send().await.unwrap()).await
}

pub(crate) async fn get(running: &Running, path: &str, token: Option<&str>) -> (u16, Value) {
    let request = client().get(format!("{}{path}", running.base_url));
    let request = match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    read(request.send().await.unwrap()).await
}

async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (
        status,
        serde_json::from_str(&text).unwrap_or(Value::String(text)),
    )
}

/// Signs in by the ordinary way and gives the tokens.
pub(crate) async fn sign_in(running: &Running, provider: Provider) -> Value {
    let code = code(running, provider).await;
    let (status, tokens) = token(running, provider, &exchanging(provider, &code)).await;
    assert_eq!(status, 200, "{tokens}");
    assert!(tokens["access_token"].is_string(), "{tokens}");
    tokens
}

pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

fn part(token: &str, number: usize) -> Value {
    let part = token.split('.').nth(number).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

pub(crate) async fn published_keys(running: &Running, provider: Provider) -> Vec<Value> {
    let path = match provider {
        Provider::Kakao => "/kakao/.well-known/jwks.json",
        Provider::Naver | Provider::Google => "/google/oauth2/v3/certs",
    };
    let (status, keys) = get(running, path, None).await;
    assert_eq!(status, 200);
    keys["keys"].as_array().unwrap().clone()
}

/// Checks an ID token as a careful service does; the error says what was wrong first.
pub(crate) fn verify(
    running: &Running,
    provider: Provider,
    keys: &[Value],
    token: &str,
) -> Result<Value, &'static str> {
    let header = part(token, 0);
    if header["alg"] != "RS256" {
        return Err("alg");
    }
    let key = keys
        .iter()
        .find(|key| key["kid"] == header["kid"])
        .ok_or("kid")?;
    let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(key, name)).unwrap();
    let public = signature::RsaPublicKeyComponents {
        n: bytes("n"),
        e: bytes("e"),
    };
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    public
        .verify(
            &signature::RSA_PKCS1_2048_8192_SHA256,
            signed.as_bytes(),
            &signature,
        )
        .map_err(|_| "signature")?;
    let claims = part(token, 1);
    if claims["iss"] != format!("{}{}", running.base_url, provider.path()) {
        return Err("iss");
    }
    if claims["aud"] != client_of(provider).0 {
        return Err("aud");
    }
    if claims["exp"].as_i64().unwrap() <= Utc::now().timestamp() {
        return Err("exp");
    }
    if claims["nonce"] != NONCE {
        return Err("nonce");
    }
    Ok(claims)
}
