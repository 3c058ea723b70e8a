//! API2:2023 Broken Authentication: forged tokens, guessed passwords, stolen sessions.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::accounts_app::AccountsApp;
use crate::db_support::on_both;

fn part(json: &Value) -> String {
    Base64UrlUnpadded::encode_string(json.to_string().as_bytes())
}

/// The parts of a token.
fn opened(token: &str) -> (Value, Value, &str) {
    let parts: Vec<&str> = token.split('.').collect();
    let json = |part| serde_json::from_slice(&Base64UrlUnpadded::decode_vec(part).unwrap());
    (json(parts[0]).unwrap(), json(parts[1]).unwrap(), parts[2])
}

on_both!(a_forged_token_is_nobodys, |db| async move {
    let app = AccountsApp::on(&db).await;
    let signed = app.member("haneul7", "하늘", "01023456789").await;
    let token = signed["accessToken"].as_str().unwrap();
    let (head, claims, signature) = opened(token);
    let mut forged = Vec::new();
    // No signature, in every spelling.
    for algorithm in ["none", "None", "NONE", ""] {
        let mut head = head.clone();
        head["alg"] = json!(algorithm);
        forged.push(format!("{}.{}.", part(&head), part(&claims)));
    }
    // Another content under the old signature.
    for (claim, value) in [
        ("role", json!("admin")),
        ("sub", json!("1")),
        ("exp", json!(4_000_000_000_u64)),
        ("aud", json!("another")),
    ] {
        let mut claims = claims.clone();
        claims[claim] = value;
        forged.push(format!("{}.{}.{signature}", part(&head), part(&claims)));
    }
    // Signed by the wrong kind of key: the public one, as if it were a shared secret, and one of our own.
    let mut header = Header::new(Algorithm::HS256);
    header.kid = head["kid"].as_str().map(str::to_owned);
    header.typ = head["typ"].as_str().map(str::to_owned);
    for secret in [&head["kid"].to_string(), "", "secret"] {
        let key = EncodingKey::from_secret(secret.as_bytes());
        forged.push(encode(&header, &claims, &key).unwrap());
    }
    // A key that the token brings itself.
    let mut own = head.clone();
    own["jwk"] = json!({"kty": "OKP", "crv": "Ed25519", "x": "AAAA"});
    own["jku"] = json!("http://127.0.0.1:1/keys");
    forged.push(format!("{}.{}.{signature}", part(&own), part(&claims)));
    forged.extend([
        "..".to_owned(),
        format!("{token}."),
        token.chars().skip(1).collect(),
    ]);
    for token in forged {
        let answer = app
            .as_member(&json!({"accessToken": token}), Method::GET, "/me", None)
            .await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{token}");
    }
    // The real one is good until its time is over.
    let me = app.as_member(&signed, Method::GET, "/me", None).await;
    assert_eq!(me.status, StatusCode::OK);
    app.advance(TimeDelta::minutes(16));
    let me = app.as_member(&signed, Method::GET, "/me", None).await;
    me.assert_problem(401, "invalid_token");
    app.stop().await;
});

on_both!(
    guessing_passwords_is_slowed_and_tells_nothing,
    |db| async move {
        let app = AccountsApp::on(&db).await;
        app.member("haneul7", "하늘", "01023456789").await;
        let guess = async |login_id: &str, number: u32| {
            let body = json!({"loginId": login_id, "password": format!("password{number}")});
            app.post("/auth/sessions", body).await
        };
        let mut slowed = Vec::new();
        for login_id in ["haneul7", "nobody7"] {
            let mut tries = 0;
            let answer = loop {
                let answer = guess(login_id, tries).await;
                if answer.status != StatusCode::UNAUTHORIZED {
                    break answer;
                }
                answer.assert_problem(401, "wrong_credentials");
                tries += 1;
                assert!(tries < 100, "nobody may guess without end");
            };
            answer.assert_problem(429, "sign_in_slowed");
            assert!(!answer.header("retry-after").is_empty());
            slowed.push(tries);
            // The address has its own count: the next one begins later.
            app.advance(TimeDelta::days(1));
        }
        assert_eq!(slowed[0], slowed[1], "somebody and nobody look the same");
        app.stop().await;
    }
);
