//! For `cargo xtask bench accounts` alone: what the guard's check of a token costs beside the signature
//! that it can't do without. Compiled in by the feature `bench`, which nothing that ships turns on.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};
use chrono::Utc;
use domain::account::Role;
use domain::token::{SessionId, TokenRules};
use ed25519_dalek::{Signature, Verifier as _, VerifyingKey};
use serde::Serialize;
use service_kit::token::{KeySet, TokenVerifier};

use super::keys::{SigningKey, TokenSigner};
use super::{LEEWAY, Revoked, SystemClock};

/// Different tokens: as many people ask in turn.
const TOKENS: usize = 64;
/// Sessions that ended lately and have to be looked through.
const ENDED: usize = 10_000;
/// Longest round.
const MOST_MILLIS: u64 = 10_000;

/// One round of each side, in nanoseconds for one token.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Round {
    /// What the guard does with a token that it sees for the first time.
    pub check: u64,
    /// The signature alone, key and signature unpacked beforehand.
    pub bare: u64,
}

/// What one side looks at.
struct Token {
    text: String,
    signature: Signature,
}

/// Measures both sides in turn.
///
/// # Errors
/// When a token that has to be believed isn't.
pub fn measure(rounds: u32, millis: u64) -> anyhow::Result<Vec<Round>> {
    let key: SigningKey = Base64::encode_string(&super::keys::random::<32>()[..]).parse()?;
    let signer = TokenSigner::new(key, None)?;
    let rules = TokenRules::new("pillnuts-web", "pillnuts", LEEWAY)?;
    let verifier = TokenVerifier::new(rules.clone());
    verifier.replace_keys(KeySet::parse(&signer.key_set())?);
    let revoked = Revoked::new(verifier, Arc::new(SystemClock));
    let sessions: Result<Vec<SessionId>, _> = (0..ENDED).map(|_| id()).collect();
    revoked.ended(&sessions?);
    let tokens: anyhow::Result<Vec<Token>> = (0..TOKENS).map(|_| token(&signer, &rules)).collect();
    let (tokens, key) = (tokens?, public_key(&signer)?);
    let length = Duration::from_millis(millis.min(MOST_MILLIS));
    let check = |token: &Token| revoked.check_first(black_box(&token.text)).is_ok();
    let bare = |token: &Token| {
        let signed = token.text.rsplit_once('.').map_or("", |(signed, _)| signed);
        key.verify(black_box(signed.as_bytes()), &token.signature)
            .is_ok()
    };
    // The first round warms up.
    let mut measured = Vec::new();
    for round in 0..=rounds {
        // In turns, so that what else the machine does hits both.
        let (first, second) = (
            each(length, &tokens, &check)?,
            each(length, &tokens, &bare)?,
        );
        if round > 0 {
            let (check, bare) = (first, second);
            measured.push(Round { check, bare });
        }
    }
    Ok(measured)
}

fn id<T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>>() -> anyhow::Result<T> {
    Ok(uuid::Uuid::now_v7().to_string().parse()?)
}

fn token(signer: &TokenSigner, rules: &TokenRules) -> anyhow::Result<Token> {
    let claims = rules.issue(&id()?, &id()?, Role::Member, Utc::now());
    let text = signer.sign(&claims)?;
    let (_, signature) = text.rsplit_once('.').context("no token")?;
    let signature = Base64UrlUnpadded::decode_vec(signature).map_err(anyhow::Error::msg)?;
    let signature = Signature::from_slice(&signature)?;
    Ok(Token { text, signature })
}

fn public_key(signer: &TokenSigner) -> anyhow::Result<VerifyingKey> {
    let keys: serde_json::Value = serde_json::from_str(&signer.key_set())?;
    let x = keys.pointer("/keys/0/x").and_then(|x| x.as_str());
    let bytes = Base64UrlUnpadded::decode_vec(x.context("no key")?).map_err(anyhow::Error::msg)?;
    Ok(VerifyingKey::try_from(bytes.as_slice())?)
}

/// Nanoseconds that one token takes, as a mean over the round.
fn each(length: Duration, tokens: &[Token], one: &impl Fn(&Token) -> bool) -> anyhow::Result<u64> {
    let (begun, mut count) = (Instant::now(), 0_u64);
    while begun.elapsed() < length {
        for token in tokens {
            anyhow::ensure!(black_box(one(token)), "a good token isn't believed");
            count += 1;
        }
    }
    let nanos = u64::try_from(begun.elapsed().as_nanos())?;
    Ok(nanos.checked_div(count).unwrap_or_default())
}
